"use strict";

// Draws the charts, and asks the model what all heads answer for the row at hand.
const read = (id) => JSON.parse(document.getElementById(id).textContent);

function element(name, properties = {}, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function drawCharts() {
  for (const [place, figure] of read("charts").entries()) {
    const layout = { ...figure.layout, autosize: true };
    delete layout.width;
    const options = { displayModeBar: false, responsive: true };
    Plotly.newPlot(`chart_${place}`, figure.data, layout, options);
  }
}

function shown(value) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) return value.toExponential(3);
  return value.toLocaleString("en", { maximumSignificantDigits: 5 });
}

const asText = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16);

// One input's controls; `change` is called with the cell.
class Control {
  constructor(input, change) {
    this.input = input;
    this.change = change;
    this.note = element("span", { className: "note" });
    this.field = this.makeField();
    this.field.setAttribute("aria-label", input.column);
    this.field.addEventListener("input", () => this.take(this.cellOf(this.field.value)));
    const parts = [this.field];
    if (input.kind === "number" && input.minimum !== null) {
      this.slider = element("input", { type: "range", min: input.minimum });
      Object.assign(this.slider, { max: input.maximum, step: "any" });
      this.slider.setAttribute("aria-label", `${input.column}, from least to most`);
      this.slider.addEventListener("input", () => {
        const step = input.step;
        const low = input.minimum;
        const near = low + Math.round((this.slider.valueAsNumber - low) / step) * step;
        this.show(Math.min(Number(near.toPrecision(12)), input.maximum));
        this.take(this.cell);
      });
      parts.unshift(this.slider);
    }
    const name = element("span", { className: "name", textContent: input.column });
    this.root = element("label", { className: "input" }, [name, ...parts, this.note]);
  }

  makeField() {
    const { kind, choices } = this.input;
    if (kind === "number") return element("input", { type: "number", step: "any" });
    if (kind === "datetime") return element("input", { type: "datetime-local" });
    const options = choices.map((value) => element("option", { textContent: value, value }));
    const missing = element("option", { textContent: "(missing)", value: "" });
    return element("select", {}, [...options, missing]);
  }

  cellOf(text) {
    if (text === "") return null;
    if (this.input.kind === "number") return Number(text);
    if (this.input.kind === "datetime") return Date.parse(`${text}Z`) / 1000;
    return text;
  }

  take(cell) {
    this.cell = cell;
    const { minimum, maximum } = this.input;
    const outside =
      typeof cell === "number" && minimum !== null && (cell < minimum || cell > maximum);
    this.note.textContent = outside ? "beyond all rows that were trained on" : "";
    if (cell === null) this.note.textContent = "missing";
    if (this.slider && cell !== null) this.slider.value = cell;
    this.change();
  }

  show(cell) {
    this.cell = cell;
    if (cell !== null && this.field.tagName === "SELECT") {
      const known = Array.from(this.field.options).some((o) => o.value === cell);
      if (!known) this.field.add(element("option", { textContent: cell, value: cell }));
    }
    const moment = this.input.kind === "datetime" && cell !== null;
    this.field.value = moment ? asText(cell) : (cell ?? "");
    if (this.slider && cell !== null) this.slider.value = cell;
  }
}

function answerRows(head, values, before) {
  const chances = head.chances;
  return head.values.flatMap((name, k) => {
    const change = values[k] - before[k];
    const words = change === 0 ? "" : `${change > 0 ? "+" : "−"}${shown(Math.abs(change))}`;
    const cells = [
      element("td", { textContent: name }),
      element("td", { className: "number", textContent: shown(values[k]) }),
      element("td", { className: "number faint", textContent: words }),
    ];
    if (chances) {
      const bar = element("div", { className: "bar" });
      bar.style.width = `${Math.max(0, Math.min(1, values[k])) * 100}%`;
      cells.push(element("td", { className: "bars" }, [bar]));
    }
    return [element("tr", {}, cells)];
  });
}

async function ask() {
  const place = document.getElementById("what-if");
  if (!place) return;
  const model = read("model");
  const answer = await forward.load(model);
  const answers = element("div", { className: "answers" });
  answers.setAttribute("aria-live", "polite");
  let before = null;
  const draw = () => {
    const said = answer(controls.map((control) => control.cell));
    before ??= said;
    answers.replaceChildren(
      ...model.heads.map((head, k) => {
        const title = element("h4", { textContent: head.name });
        title.style.borderColor = head.colour;
        const table = element("table", {}, answerRows(head, said[k], before[k]));
        table.style.setProperty("--head", head.colour);
        return element("div", { className: "card" }, [title, table]);
      }),
    );
  };
  const controls = model.inputs.map((input) => new Control(input, draw));
  const choose = element("select", { id: "row" });
  model.rows.forEach((row, k) => {
    choose.add(element("option", { textContent: row.name, value: k }));
  });
  const start = () => {
    const { cells } = model.rows[Number(choose.value)];
    controls.forEach((control, k) => {
      control.show(cells[k]);
      control.note.textContent = cells[k] === null ? "missing" : "";
    });
    before = null;
    draw();
  };
  choose.addEventListener("change", start);
  const label = element("label", { className: "start", textContent: "Start from " });
  label.append(choose);
  const inputs = element("div", { className: "inputs" }, controls.map((c) => c.root));
  place.append(label, element("div", { className: "asked" }, [inputs, answers]));
  start();
  // For whoever asks about many rows: cells in the inputs' order to answers.
  window.answerFor = answer;
}

drawCharts();
ask();
