"""How a script reads the pictures that a file names, as the run read them.

They are found and decoded as `mtcore.data.pictures` does it.
"""

from __future__ import annotations

PICTURES = '''

def files_of(place):
    """Return what reads each file of a folder or ZIP archive, by its path in there."""
    if zipfile.is_zipfile(place):
        archive = zipfile.ZipFile(place)
        paths = archive.namelist()
        return {path: lambda path=path: archive.read(path) for path in paths}
    root = pathlib.Path(place)
    root = root if root.is_dir() else root.parent
    below = [path for deep in range(5) for path in root.glob("*/" * deep + "*.*")]
    return {path.relative_to(root).as_posix(): path.read_bytes for path in below}


def ends_of(path):
    """Return a path without its first folder, without its first two, and so on."""
    parts = path.split("/")
    return ["/".join(parts[place:]) for place in range(1, len(parts))]


def paths_meant(paths):
    """Return paths by all that may mean them: themselves, and ends that one alone has.

    Names of files and folders that begin with a dot, or that a system adds, are not
    pictures of anybody's.
    """
    whole, ends = {}, {}
    for path in paths:
        parts = path.split("/")
        if "__MACOSX" in parts or any(part.startswith(".") for part in parts):
            continue
        whole[path.casefold()] = path
        for end in ends_of(path.casefold()):
            ends[end] = None if end in ends else path
    return ends | whole, whole


def bytes_of(cell, files, meant, whole):
    """Return the bytes of the picture that a cell names or holds, None without one."""
    if cell.startswith("data:image/"):
        return base64.b64decode(cell.partition(";base64,")[2])
    name = cell.replace("\\\\", "/").casefold().removeprefix("./")
    path = meant.get(name)
    if name not in meant:
        path = next((whole[end] for end in ends_of(name) if end in whole), None)
    return files[path]() if path else None


def in_colours(picture):
    """Return a picture of any mode as red, green and blue, white where see-through."""
    if picture.mode in ("I;16", "I;16L", "I;16B", "I;16N", "I", "F"):
        shades = np.nan_to_num(np.asarray(picture, "float64"))
        most = 255.0 if shades.max(initial=0.0) <= 255.0 else 65_535.0
        grey = np.clip(shades * (255.0 / most), 0.0, 255.0).astype("uint8")
        return Image.fromarray(grey).convert("RGB")
    layered = picture.mode in ("RGBA", "LA", "PA", "RGBa", "La")
    if not layered and "transparency" not in picture.info:
        return picture.convert("RGB")
    above = picture.convert("RGBA")
    ground = Image.new("RGBA", above.size, (255, 255, 255, 255))
    return Image.alpha_composite(ground, above).convert("RGB")


def pixels_of(content, height, width):
    """Return a picture of one size, uint8 `(height, width, 3)`, stretched to it."""
    formats = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
    with Image.open(io.BytesIO(content), formats=formats) as picture:
        if picture.width * picture.height > 64_000_000:
            raise ValueError("a picture has too many pixels")
        picture.draft("RGB", (width, height))
        colours = in_colours(ImageOps.exif_transpose(picture))
        return np.asarray(colours.resize((width, height), Image.Resampling.BILINEAR))


def pictures_of(frame, place):
    """Return each column of pictures, uint8 `(rows, height, width, 3)`.

    What is missing or can't be read is black all over.
    """
    files = files_of(place)
    meant = paths_meant(files)
    found = {}
    for column, size in SIZES.items():
        places, names = pd.factorize(read(frame, COLUMNS[column], "text"))
        pixels, unseen = np.zeros((len(names), *size, 3), "uint8"), 0
        for row, name in enumerate(names):
            try:
                content = bytes_of(name, files, *meant) if name else None
                if content:
                    pixels[row] = pixels_of(content, *size)
            except Exception:  # Decoders raise all sorts of errors on damaged bytes.
                content = None
            unseen += bool(name) and not content
        named = sum(bool(name) for name in names)
        if unseen == named > 0:
            raise SystemExit(
                f"None of the pictures that column '{COLUMNS[column]}' names is in "
                f"{place}. Say with --pictures which folder or ZIP archive has them."
            )
        print(json.dumps({"pictures": COLUMNS[column], "of": named, "unseen": unseen}))
        found[column] = tf.constant(pixels[places])
    return found
'''
