// The page beside a card: zoomed and moved by wheel, fingers, buttons or keys, one figure marked.
"use strict";

class Viewer {
  constructor(root) {
    this.root = root;
    this.stage = root.querySelector(".stage");
    this.sheet = root.querySelector(".sheet");
    this.image = root.querySelector("img");
    this.svg = root.querySelector("svg");
    this.mark = root.querySelector(".mark");
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.fingers = new Map();
    this.corners = root.dataset.corners;
    this.turns = Number(root.dataset.turns);
    this.image.addEventListener("load", () => this.loaded());
    if (this.image.complete && this.image.naturalWidth) this.loaded();
    root.querySelectorAll("[data-zoom]").forEach((button) =>
      button.addEventListener("click", () => this.zoomed(button.dataset.zoom)));
    this.stage.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.around(event.offsetX, event.offsetY, Math.exp(-event.deltaY / 400), event);
    }, { passive: false });
    this.stage.addEventListener("pointerdown", (event) => {
      this.stage.setPointerCapture(event.pointerId);
      this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
    });
    this.stage.addEventListener("pointermove", (event) => this.dragged(event));
    for (const end of ["pointerup", "pointercancel"]) {
      this.stage.addEventListener(end, (event) => this.fingers.delete(event.pointerId));
    }
    this.root.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
      if (!step) return;
      event.preventDefault();
      this.x += step[0];
      this.y += step[1];
      this.drawn();
    });
    new ResizeObserver(() => this.image.naturalWidth && this.zoomed("cell")).observe(this.stage);
  }

  // Corners are in pixels of the page as stored; the picture is that page turned clockwise.
  points() {
    const width = this.image.naturalWidth, height = this.image.naturalHeight;
    const turn = [(x, y) => [x, y], (x, y) => [width - y, x],
      (x, y) => [width - x, height - y], (x, y) => [y, height - x]][this.turns];
    return (this.corners || "").split(" ").filter(Boolean)
      .map((pair) => turn(...pair.split(",").map(Number)));
  }

  loaded() {
    this.svg.setAttribute("viewBox", `0 0 ${this.image.naturalWidth} ${this.image.naturalHeight}`);
    this.zoomed("cell");
  }

  show(corners, turns, page, source) {
    this.corners = corners;
    this.turns = Number(turns);
    this.root.querySelector(".number").textContent = page;
    if (this.image.getAttribute("src") !== source) this.image.setAttribute("src", source);
    else this.loaded();
  }

  zoomed(how) {
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (!width || !this.image.naturalWidth) return;
    if (how === "in" || how === "out") {
      this.around(width / 2, height / 2, how === "in" ? 1.3 : 1 / 1.3);
      return;
    }
    const points = this.points();
    this.mark.setAttribute("points", points.map((one) => one.join(",")).join(" "));
    const whole = Math.min(width / this.image.naturalWidth, height / this.image.naturalHeight);
    let [cx, cy] = [this.image.naturalWidth / 2, this.image.naturalHeight / 2];
    this.scale = whole;
    if (how === "cell" && points.length) {
      const xs = points.map((one) => one[0]), ys = points.map((one) => one[1]);
      cx = (Math.min(...xs) + Math.max(...xs)) / 2;
      cy = (Math.min(...ys) + Math.max(...ys)) / 2;
      const across = Math.max(...xs) - Math.min(...xs), tall = Math.max(...ys) - Math.min(...ys);
      this.scale = Math.max(whole, Math.min(width / (across * 1.3), 56 / Math.min(tall, across), 3));
    }
    this.x = width / 2 - cx * this.scale;
    this.y = height / 2 - cy * this.scale;
    this.drawn();
  }

  around(x, y, factor, event) {
    if (event) {
      const box = this.stage.getBoundingClientRect();
      x = event.clientX - box.left;
      y = event.clientY - box.top;
    }
    const scale = Math.min(8, Math.max(0.05, this.scale * factor));
    this.x = x - (x - this.x) * (scale / this.scale);
    this.y = y - (y - this.y) * (scale / this.scale);
    this.scale = scale;
    this.drawn();
  }

  dragged(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const others = [...this.fingers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    if (others.length) {
      const far = (at) => Math.hypot(at[0] - others[0][0], at[1] - others[0][1]) || 1;
      const box = this.stage.getBoundingClientRect();
      this.around(others[0][0] - box.left, others[0][1] - box.top,
        far([event.clientX, event.clientY]) / far(before));
    } else {
      this.x += event.clientX - before[0];
      this.y += event.clientY - before[1];
      this.drawn();
    }
    this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
  }

  drawn() {
    this.sheet.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
  }
}
