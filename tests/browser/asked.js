// Keeps account of what a page has asked its server to run. A page says "notRunning"
// while a request is under way, and whoever acts then acts on what is about to move.
//
// window.asked.pending  what was asked for and has not begun: "all", a "part", "any"
// window.asked.running  what has begun and has not ended: "all" or a "part"
// window.asked.calm     how many frames in turn saw the page at rest
//
// Parts that renew themselves every second are left out: they move nothing else.
window.asked = { pending: null, running: null, calm: 0 };

(() => {
  // Numbers of fields in Streamlit's messages: to the server, and from it.
  const [RERUN, OF_PART, BY_ITSELF] = [11, 5, 6];
  const [ABOUT, NEW_RUN, RUN_ENDED, RUN, PARTS] = [2, 4, 6, 6, 2];
  const ENDED_FOR_ANOTHER = 2;

  // Returns what stands at the top level of a protobuf message by its number; the value
  // of a part with a length is its bytes.
  function fields(bytes = new Uint8Array()) {
    const found = new Map();
    let at = 0;
    const number = () => {
      let value = 0;
      for (let unit = 1; ; unit *= 128) {
        const byte = bytes[at++];
        value += (byte % 128) * unit;
        if (byte < 128) return value;
      }
    };
    while (at < bytes.length) {
      const tag = number();
      const kind = tag % 8;
      if (kind === 0) found.set(Math.floor(tag / 8), number());
      else {
        const length = kind === 2 ? number() : kind === 1 ? 8 : 4;
        found.set(Math.floor(tag / 8), bytes.subarray(at, at + length));
        at += length;
      }
    }
    return found;
  }

  function sent(bytes) {
    const client = fields(bytes).get(RERUN);
    if (client === undefined || fields(client).has(BY_ITSELF)) return;
    if (!fields(client).has(OF_PART)) window.asked.pending = "all";
    else window.asked.pending ??= "part";
  }

  function received(bytes) {
    const { asked } = window;
    const message = fields(bytes);
    const part = fields(fields(message.get(ABOUT)).get(RUN)).has(PARTS);
    if (message.has(NEW_RUN)) {
      if (!part) Object.assign(asked, { pending: null, running: "all" });
      else if (asked.pending === "part" || asked.pending === "any")
        Object.assign(asked, { pending: null, running: asked.running ?? "part" });
    }
    if (message.has(RUN_ENDED)) {
      if (!part || asked.running === "part") asked.running = null;
      if (message.get(RUN_ENDED) === ENDED_FOR_ANOTHER) asked.pending ??= "any";
    }
  }

  const Original = window.WebSocket;
  window.WebSocket = class extends Original {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        if (data instanceof ArrayBuffer) received(new Uint8Array(data));
      });
    }
    send(data) {
      if (ArrayBuffer.isView(data))
        sent(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      else if (data instanceof ArrayBuffer) sent(new Uint8Array(data));
      super.send(data);
    }
  };
})();
