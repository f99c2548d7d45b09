"use strict";

// The model of one run: cells in, every head's answer out. What it is made of stands in
// the page as JSON, its weights as one compressed list of numbers.
// A cell is a number, seconds since 1970 UTC, a text, or null where it is missing.
const forward = (() => {
  const SMALLEST_DEVIATION = 0.001;
  const HARMONICS = [1, 2];

  // By the series whose terms are all above 0, so that nothing cancels.
  function erf(x) {
    if (Math.abs(x) > 6) return Math.sign(x);
    let term = x;
    let sum = x;
    for (let n = 0; n < 200; n += 1) {
      term *= (2 * x * x) / (2 * n + 3);
      sum += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }

  const sigmoid = (x) => 1 / (1 + Math.exp(-x));
  const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  const clip = (x, low, high) => Math.min(Math.max(x, low), high);
  const modulo = (x, period) => x - period * Math.floor(x / period);
  const ACTIVATIONS = {
    relu: (x) => Math.max(x, 0),
    gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
    silu: (x) => x * sigmoid(x),
    tanh: Math.tanh,
  };

  function softmax(values) {
    const most = Math.max(...values);
    const powers = values.map((value) => Math.exp(value - most));
    const total = powers.reduce((sum, power) => sum + power, 0);
    return powers.map((power) => power / total);
  }

  // Quantities: scaling that levels off, flags of missing cells, cycles, bins.
  function quantities(inputs, cells) {
    const scaled = [];
    const flags = [];
    const waves = [];
    const bins = [];
    inputs.forEach((input, place) => {
      if (!("centre" in input)) return;
      const missing = cells[place] === null;
      const filled = clip(missing ? input.centre : cells[place], -1e300, 1e300);
      const x = clip(filled / input.scale - input.centre / input.scale, -1e6, 1e6);
      scaled.push(x / Math.sqrt(1 + (x / 3) ** 2));
      if (input.canMiss) flags.push(missing ? 1 : 0);
      for (const period of input.cycles) {
        const known = clip(missing ? 0 : cells[place], -1e15, 1e15);
        const share = modulo(known, period) / period;
        for (const harmonic of HARMONICS) {
          const angle = share * 2 * Math.PI * harmonic;
          waves.push(missing ? 0 : Math.sin(angle), missing ? 0 : Math.cos(angle));
        }
      }
      if (input.bins === 0) return;
      let position = 0;
      for (let k = 1; k < input.edges.length; k += 1) {
        const width = input.edges[k] - input.edges[k - 1];
        position += clip((filled - input.edges[k - 1]) / width, 0, 1);
      }
      position = Math.fround(position);
      for (let k = 0; k < input.bins; k += 1) bins.push(clip(position - k, 0, 1));
    });
    return [...scaled, ...flags, ...waves].map(Math.fround).concat(bins);
  }

  // 0 unknown, 1 missing, 2 and more a value.
  function code(input, cell) {
    if (cell === null || cell === "") return 1;
    const place = input.places.get(cell);
    return place === undefined ? 0 : place + 2;
  }

  class Network {
    constructor(model, weights) {
      this.model = model;
      this.weights = weights;
      this.activate = ACTIVATIONS[model.activation];
    }

    dense(name, values, activate = (x) => x) {
      const [kernel, [, units]] = this.weights[`${name}/kernel`];
      const given = this.weights[`${name}/bias`];
      const made = given ? Array.from(given[0]) : new Array(units).fill(0);
      values.forEach((value, row) => {
        if (value === 0) return;
        for (let k = 0; k < units; k += 1) made[k] += value * kernel[row * units + k];
      });
      return made.map(activate);
    }

    chain(name, values) {
      return this.model.trunk.layers.reduce(
        (given, _, place) => this.dense(`${name}_${place}`, given, this.activate),
        values,
      );
    }

    mixed(name, values, experts) {
      const shares = softmax(this.dense(name, values));
      return experts[0].map((_, k) =>
        experts.reduce((sum, expert, place) => sum + shares[place] * expert[k], 0),
      );
    }

    features(cells, prefix) {
      const made = quantities(this.model.inputs, cells);
      let place = 0;
      this.model.inputs.forEach((input, column) => {
        if (!("places" in input)) return;
        const found = code(input, cells[column]);
        if (input.units > 0) {
          const [rows] = this.weights[`${prefix}embedding_${place}/embeddings`];
          made.push(...rows.subarray(found * input.units, (found + 1) * input.units));
        } else {
          for (let k = 0; k <= input.room; k += 1) made.push(k === found - 1 ? 1 : 0);
        }
        place += 1;
      });
      return made;
    }

    // What each head reads of the trunk.
    trunk(features) {
      const { trunk, heads } = this.model;
      if (trunk.kind === "shared") {
        const shared = heads.every((head) => head.ownTrunk)
          ? null
          : this.chain("trunk", features[0]);
        return heads.map((head) =>
          head.ownTrunk ? this.chain(`${head.id}_trunk`, features[0]) : shared,
        );
      }
      if (trunk.kind === "separate") {
        return heads.map((head, k) => this.chain(`${head.id}_trunk`, features[k]));
      }
      let passed = features[0];
      let given = features;
      for (let level = 0; level < trunk.levels; level += 1) {
        const shared = this.experts(`expert_${level}`, trunk.shared, passed);
        const own = heads.map((head, k) =>
          this.experts(`${head.id}_expert_${level}`, trunk.private, given[k]),
        );
        const onward = level + 1 < trunk.levels;
        const next = onward
          ? this.mixed(`gate_${level}`, passed, [...shared, ...own.flat()])
          : passed;
        given = heads.map((head, k) =>
          this.mixed(`${head.id}_gate_${level}`, given[k], [...shared, ...own[k]]),
        );
        passed = next;
      }
      return given;
    }

    experts(name, count, values) {
      return Array.from({ length: count }, (_, k) => this.chain(`${name}_${k}`, values));
    }

    answers(cells) {
      const { heads, order, trunk, ownFeatures } = this.model;
      const shared = ownFeatures ? null : this.features(cells, "");
      const features = heads.map((head) => shared ?? this.features(cells, `${head.id}_`));
      const given = this.trunk(features);
      const raw = [];
      for (const place of order) {
        const head = heads[place];
        let values = [...given[place], ...head.reads.flatMap((other) => raw[other])];
        head.layers.forEach((_, k) => {
          values = this.dense(`${head.id}_${k}`, values, this.activate);
        });
        raw[place] = this.dense(`${head.id}_raw`, values);
        if (trunk.skip) {
          const skip = this.dense(`${head.id}_skip`, features[place]);
          raw[place] = raw[place].map((value, k) => value + skip[k]);
        }
      }
      return heads.map((head, place) => decoded(head, raw[place]));
    }
  }

  function inUnits(head, values) {
    return values.map((value, k) => value * head.scale[k] + head.mean[k]);
  }

  function rising(raw) {
    const values = [...raw];
    const middle = Math.floor(raw.length / 2);
    for (let k = middle + 1; k < raw.length; k += 1) {
      values[k] = values[k - 1] + softplus(raw[k]);
    }
    for (let k = middle - 1; k >= 0; k -= 1) values[k] = values[k + 1] - softplus(raw[k]);
    return values;
  }

  function chained(raw) {
    const chances = [];
    let reached = 1;
    for (const logit of raw) {
      chances.push(reached * sigmoid(-logit));
      reached *= sigmoid(logit);
    }
    return [...chances, reached];
  }

  // Raw outputs to what people read.
  function decoded(head, raw) {
    switch (head.activation) {
      case "sigmoid":
        return raw.map(sigmoid);
      case "softmax":
        return softmax(raw);
      case "exponential":
        return raw.map(Math.exp);
      case "chained":
        return chained(raw);
      case "rising":
        return rising(raw).map((value) => value * head.scale[0] + head.mean[0]);
      default:
    }
    if (head.logs.length > 0) {
      return head.logs.map(([deviation, mean, stretch, lift], k) => {
        const drawn = raw[k] * deviation + mean;
        return Math.sinh(drawn) * stretch + Math.cosh(drawn) * lift;
      });
    }
    const values = inUnits(head, raw.slice(0, head.targets));
    const spreads = raw
      .slice(head.targets)
      .map((value, k) => (softplus(value) + SMALLEST_DEVIATION) * head.scale[k]);
    return [...values, ...spreads];
  }

  // The mean of several networks; of deviations, that of the mixture.
  function mean(head, answers) {
    const count = answers.length;
    const means = answers[0].map(
      (_, k) => answers.reduce((sum, answer) => sum + answer[k], 0) / count,
    );
    if (head.activation !== "linear" || means.length === head.targets) return means;
    for (let k = head.targets; k < means.length; k += 1) {
      const own = k - head.targets;
      const variance = answers.reduce(
        (sum, answer) => sum + answer[k] ** 2 + (answer[own] - means[own]) ** 2,
        0,
      );
      means[k] = Math.sqrt(variance / count);
    }
    return means;
  }

  // What trees see of a column.
  function treeFeatures(features, cells) {
    return features.flatMap(({ column, kind, places, values }) => {
      const cell = cells[column];
      if (kind === "number") return [cell ?? NaN];
      if (kind === "category") {
        if (cell === null || cell === "") return [NaN];
        return [places.get(cell) ?? values.length];
      }
      if (cell === null) return [NaN, NaN, NaN, NaN];
      const whole = Math.trunc(cell);
      const moment = new Date(whole * 1000);
      const hours = modulo(whole, 86400) / 3600;
      return [cell, moment.getUTCMonth() + 1, (moment.getUTCDay() + 6) % 7, hours];
    });
  }

  function forestAnswer(forest, row) {
    const outputs = forest.values[1][1];
    const leaves = forest.values[0];
    const total = new Array(outputs).fill(0);
    for (const root of forest.roots[0]) {
      let node = root;
      while (forest.feature[0][node] >= 0) {
        const cell = row[forest.feature[0][node]];
        const left = Number.isNaN(cell)
          ? forest.missing_left[0][node] !== 0
          : cell <= forest.threshold[0][node];
        node = (left ? forest.left : forest.right)[0][node];
      }
      const leaf = forest.left[0][node] * outputs;
      for (let k = 0; k < outputs; k += 1) total[k] += leaves[leaf + k];
    }
    return total.map((value) => value / forest.roots[0].length);
  }

  function blended(model, cells, answers) {
    if (!model.blend) return answers;
    const row = treeFeatures(model.blend.features, cells).map(Math.fround);
    const said = model.blend.forests.map((forest) => forestAnswer(forest, row));
    const mixed = [...answers];
    for (const { head, share, forest, first, mean: centre, scale } of model.blend.heads) {
      mixed[head] = answers[head].map((value, k) => {
        const tree = said[forest][first + k] * scale[k] + centre[k];
        return (1 - share) * value + share * tree;
      });
    }
    return mixed;
  }

  async function unpacked(text) {
    const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([packed]).stream();
    const whole = stream.pipeThrough(new DecompressionStream("deflate"));
    return new Response(whole).arrayBuffer();
  }

  // A place in the list of numbers becomes [the numbers, their shape].
  function arrays(entries, buffer) {
    return Object.fromEntries(
      Object.entries(entries).map(([name, [kind, start, shape]]) => {
        const count = shape.reduce((product, size) => product * size, 1);
        const Kind = kind === "f" ? Float32Array : Int32Array;
        return [name, [new Kind(buffer, start, count), shape]];
      }),
    );
  }

  const placesOf = (values) => new Map(values.map((value, place) => [value, place]));

  // Returns a function from cells, in the inputs' order, to answers, head by head.
  async function load(model) {
    const buffer = await unpacked(model.numbers);
    for (const input of model.inputs) {
      if (input.values) input.places = placesOf(input.values);
    }
    if (model.blend) {
      for (const feature of model.blend.features) {
        feature.places = placesOf(feature.values);
      }
      model.blend.forests = model.blend.forests.map((entry) => arrays(entry, buffer));
    }
    const networks = model.networks.map(
      (entry) => new Network(model, arrays(entry, buffer)),
    );
    return (cells) => {
      const answers = networks.map((network) => network.answers(cells));
      const means = model.heads.map((head, place) =>
        mean(head, answers.map((answer) => answer[place])),
      );
      return blended(model, cells, means);
    };
  }

  return { load };
})();
