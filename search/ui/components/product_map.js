// A zoomable map of thumbnails on one canvas. All thumbnails lie in one picture (the sheet), so that
// thousands are drawn in one pass; a point is {id, label, x, y, colour}, with places in [0, 1].
const SMALLEST = 9, LARGEST = 112, LONGEST_CLICK = 6;

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".map");
  const canvas = root.querySelector("canvas");
  const label = root.querySelector(".label");
  const pen = canvas.getContext("2d");
  const style = getComputedStyle(root);
  const sheet = new Image();
  const pointers = new Map();
  // The view outlives a new mount with new colours: it is kept on the element itself.
  const view = (root.view ??= { zoom: 1, left: 0, top: 0 });
  let moved = 0, asked = false, hovered = null;

  const width = () => canvas.clientWidth, height = () => canvas.clientHeight;
  const margin = 0.04;
  const across = (point) => ((margin + point.x * (1 - 2 * margin)) * width() - view.left) * view.zoom;
  const down = (point) => ((margin + point.y * (1 - 2 * margin)) * height() - view.top) * view.zoom;
  const side = () => {
    const spacing = Math.sqrt((width() * height()) / Math.max(data.points.length, 1));
    return Math.min(LARGEST, Math.max(SMALLEST, 0.6 * spacing * view.zoom ** 0.85));
  };

  function draw() {
    asked = false;
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width() * ratio) || canvas.height !== Math.round(height() * ratio)) {
      canvas.width = Math.round(width() * ratio);
      canvas.height = Math.round(height() * ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width(), height());
    const size = side(), half = size / 2, border = Math.max(1.5, size / 18);
    data.points.forEach((point, n) => {
      const x = across(point), y = down(point);
      if (x < -size || y < -size || x > width() + size || y > height() + size) return;
      pen.fillStyle = point.colour;
      pen.fillRect(x - half - border, y - half - border, size + 2 * border, size + 2 * border);
      if (sheet.complete && sheet.naturalWidth) {
        const column = n % data.columns, row = Math.floor(n / data.columns);
        pen.drawImage(sheet, column * data.side, row * data.side, data.side, data.side,
                      x - half, y - half, size, size);
      }
    });
    if (hovered !== null) {
      const point = data.points[hovered];
      pen.lineWidth = 3;
      pen.strokeStyle = style.getPropertyValue("--st-primary-color");
      pen.strokeRect(across(point) - half - 3, down(point) - half - 3, size + 6, size + 6);
    }
  }
  const redraw = () => { if (!asked) { asked = true; requestAnimationFrame(draw); } };

  function nearest(x, y) {
    const reach = Math.max(side() / 2 + 3, 12);
    let best = null, closest = Infinity;
    data.points.forEach((point, n) => {
      const dx = Math.abs(across(point) - x), dy = Math.abs(down(point) - y);
      if (dx <= reach && dy <= reach && dx + dy <= closest) { best = n; closest = dx + dy; }
    });
    return best;
  }
  function zoomAt(x, y, factor) {
    const zoom = Math.min(40, Math.max(1, view.zoom * factor));
    view.left += x / view.zoom - x / zoom;
    view.top += y / view.zoom - y / zoom;
    view.zoom = zoom;
    keepInside();
  }
  function keepInside() {
    view.left = Math.min(Math.max(view.left, 0), width() * (1 - 1 / view.zoom));
    view.top = Math.min(Math.max(view.top, 0), height() * (1 - 1 / view.zoom));
    redraw();
  }
  function show(n, x, y) {
    hovered = n;
    label.hidden = n === null;
    canvas.style.cursor = n === null ? "grab" : "pointer";
    if (n !== null) {
      label.textContent = data.points[n].label;
      label.style.left = `${Math.min(x + 14, width() - label.offsetWidth - 4)}px`;
      label.style.top = `${Math.min(y + 16, height() - label.offsetHeight - 4)}px`;
    }
    redraw();
  }
  const choose = (n) => { if (n !== null) setTriggerValue("chosen", data.points[n].id); };
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, place(event));
    moved = 0;
  };
  canvas.onpointermove = (event) => {
    const [x, y] = place(event), before = pointers.get(event.pointerId);
    if (!before) { show(nearest(x, y), x, y); return; }
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    moved += Math.abs(x - before[0]) + Math.abs(y - before[1]);
    if (other) {  // two fingers: zoom about the one that rests
      const span = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
      zoomAt(other[0], other[1], span([x, y], other) / span(before, other));
    } else {
      view.left -= (x - before[0]) / view.zoom;
      view.top -= (y - before[1]) / view.zoom;
      keepInside();
    }
    pointers.set(event.pointerId, [x, y]);
  };
  canvas.onpointerup = (event) => {
    pointers.delete(event.pointerId);
    if (moved <= LONGEST_CLICK) choose(nearest(...place(event)));
  };
  canvas.onpointercancel = (event) => pointers.delete(event.pointerId);
  canvas.onpointerleave = () => show(null);
  canvas.onwheel = (event) => {
    event.preventDefault();
    zoomAt(...place(event), Math.exp(-event.deltaY / 300));
  };
  canvas.onkeydown = (event) => {
    const step = 60 / view.zoom, middle = [width() / 2, height() / 2];
    const keys = {
      ArrowLeft: () => { view.left -= step; }, ArrowRight: () => { view.left += step; },
      ArrowUp: () => { view.top -= step; }, ArrowDown: () => { view.top += step; },
      "+": () => zoomAt(...middle, 1.4), "-": () => zoomAt(...middle, 1 / 1.4),
      "0": () => { view.zoom = 1; }, Enter: () => choose(nearest(...middle)),
    };
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); keepInside(); }
  };
  root.querySelector(".in").onclick = () => zoomAt(width() / 2, height() / 2, 1.6);
  root.querySelector(".out").onclick = () => zoomAt(width() / 2, height() / 2, 1 / 1.6);
  root.querySelector(".all").onclick = () => { view.zoom = 1; keepInside(); };

  sheet.onload = redraw;
  sheet.src = data.sheet;
  const watcher = new ResizeObserver(keepInside);
  watcher.observe(canvas);
  return () => watcher.disconnect();
}
