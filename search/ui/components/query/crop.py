"""Choose the part of a photograph to search by: drag on the picture, or move four sliders."""

from __future__ import annotations

from typing import Any

import streamlit as st

from search.photos import Box
from search.ui import pictures, state
from search.ui.query import WHOLE

_LEAST = 0.05  # of a side
_AFRESH, _POOLED = "Crop", "Region"
_PART_NOTES = {
    _AFRESH: "A crop is encoded afresh: larger, and without its surroundings.",
    _POOLED: "A region is taken from what the network saw of the whole: at once, and softer.",
}

_HTML = """
<div id="stage" role="img">
  <img alt="" draggable="false">
  <div id="frame" hidden></div>
  <div id="shade"></div>
</div>
"""

_CSS = """
#stage {
  position: relative; display: block; width: fit-content; max-width: 100%; margin: 0 auto;
  touch-action: pan-y; user-select: none; cursor: crosshair; overflow: hidden;
  border-radius: var(--st-base-radius);
}
#stage img { display: block; max-width: 100%; max-height: 240px; }
#shade {
  position: absolute; box-sizing: border-box; border: 2px solid #fff; border-radius: 4px;
  box-shadow: 0 0 0 9999px rgba(0, 0, 0, 0.5), 0 0 0 1px rgba(0, 0, 0, 0.4);
  pointer-events: none;
}
#frame {
  position: absolute; box-sizing: border-box; border: 2px dashed #fff; border-radius: 4px;
  box-shadow: 0 0 0 1px rgba(0, 0, 0, 0.6), inset 0 0 0 1px rgba(0, 0, 0, 0.6);
  pointer-events: none;
}
#shade[hidden], #frame[hidden] { display: none; }
"""

_JS = """
export default function ({ parentElement, data, setStateValue }) {
  const stage = parentElement.querySelector("#stage");
  const image = parentElement.querySelector("img");
  const shade = parentElement.querySelector("#shade");
  if (image.src !== data.picture) image.src = data.picture;
  stage.setAttribute("aria-label", data.alt);
  const least = data.least;
  const place = (part, [left, top, right, bottom]) => {
    part.style.left = `${100 * left}%`;
    part.style.top = `${100 * top}%`;
    part.style.width = `${100 * (right - left)}%`;
    part.style.height = `${100 * (bottom - top)}%`;
  };
  const frame = parentElement.querySelector("#frame");
  if (data.frame) place(frame, data.frame);
  const draw = ([left, top, right, bottom]) => {
    shade.hidden = right - left >= 0.999 && bottom - top >= 0.999;
    frame.hidden = !data.frame || !shade.hidden;
    place(shade, [left, top, right, bottom]);
  };
  const at = (event) => {
    const area = stage.getBoundingClientRect();
    const share = (value, size) => Math.min(1, Math.max(0, value / size));
    const x = share(event.clientX - area.left, area.width);
    return [x, share(event.clientY - area.top, area.height)];
  };
  let start = null;
  let box = data.box;
  const onDown = (event) => {
    if (event.button !== 0) return;
    start = at(event);
    stage.setPointerCapture(event.pointerId);
  };
  const onMove = (event) => {
    if (!start) return;
    const [x, y] = at(event);
    const [u, v] = start;
    box = [Math.min(u, x), Math.min(v, y), Math.max(u, x), Math.max(v, y)];
    draw(box);
  };
  const onUp = () => {
    if (!start) return;
    start = null;
    const large = box[2] - box[0] >= least && box[3] - box[1] >= least;
    box = large ? box.map((v) => Math.round(v * 1000) / 1000) : [0, 0, 1, 1];
    draw(box);
    if (box.some((v, i) => v !== data.box[i])) setStateValue("box", box);
  };
  const onCancel = () => { start = null; box = data.box; draw(box); };
  draw(box);
  stage.addEventListener("pointerdown", onDown);
  stage.addEventListener("pointermove", onMove);
  stage.addEventListener("pointerup", onUp);
  stage.addEventListener("pointercancel", onCancel);
  return () => {
    stage.removeEventListener("pointerdown", onDown);
    stage.removeEventListener("pointermove", onMove);
    stage.removeEventListener("pointerup", onUp);
    stage.removeEventListener("pointercancel", onCancel);
  };
}
"""

_component = st.components.v2.component("visual_search.crop", html=_HTML, css=_CSS, js=_JS)


def _box(value: Any) -> Box:
    """Check a box from the browser: anything odd means the whole photograph."""
    try:
        left, top, right, bottom = (min(1.0, max(0.0, float(v))) for v in value)
    except (TypeError, ValueError):
        return WHOLE
    if right - left < _LEAST or bottom - top < _LEAST:
        return WHOLE
    return (left, top, right, bottom)


def drag_crop(data: bytes, box: Box, frame: Box | None) -> None:
    """Draw the photograph with its crop, to drag over; it sets the query's crop.

    Without a crop, the `frame` to suggest as one is outlined.
    """

    def dragged() -> None:
        state.crop_to(_box(state.value("crop_drag", {}).get("box")))

    _component(
        key="crop_drag",
        data={
            "picture": pictures.data_uri(pictures.preview(data)),
            "box": list(box),
            "frame": None if frame is None else list(frame),
            "least": _LEAST,
            "alt": "Your photograph. Drag over it to search by a part, or use the crop sliders.",
        },
        default={"box": list(WHOLE)},
        on_box_change=dragged,
    )


def suggestion(box: Box, frame: Box | None) -> None:
    """Offer the suggested frame, or say that it is what is searched by."""
    if frame is not None and box == frame:
        st.caption("Searched within the suggested frame.")
        st.button(
            "Search by the whole photograph",
            icon=":material/crop_free:",
            key="crop_whole",
            type="tertiary",
            on_click=state.crop_to,
            args=(WHOLE,),
        )
    elif frame is not None and box == WHOLE:
        st.button(
            "Search within the frame",
            icon=":material/center_focus_strong:",
            key="crop_frame",
            help="The product stands out from its ground; the frame leaves the rest out.",
            on_click=state.crop_to,
            args=(frame,),
        )


def crop_sliders(box: Box) -> None:
    """Offer the same by numbers: the four edges in per cent, and a button for all of it again."""
    left, top, right, bottom = (round(100 * edge) for edge in box)
    sides = {
        "crop_left": ("Left edge", left),
        "crop_right": ("Right edge", right),
        "crop_top": ("Top edge", top),
        "crop_bottom": ("Bottom edge", bottom),
    }

    def moved() -> None:
        edges = [state.value(f"crop_{side}") for side in ("left", "top", "right", "bottom")]
        state.crop_to(_box([edge / 100 for edge in edges]))

    for name, (label, percent) in sides.items():
        state.set_value(name, percent)
        st.slider(label, 0, 100, key=name, format="%d%%", on_change=moved)
    st.button(
        "Use the whole photograph",
        icon=":material/crop_free:",
        key="crop_reset",
        on_click=state.crop_to,
        args=(WHOLE,),
        disabled=box == WHOLE,
    )


def part_kind(pooled: bool) -> None:
    """Offer both ways to search by the part; their answers differ, so the page says which it is."""

    def chosen() -> None:
        state.pool(state.value("part_kind") == _POOLED)

    state.set_value("part_kind", _POOLED if pooled else _AFRESH)
    st.segmented_control(
        "The part",
        (_AFRESH, _POOLED),
        key="part_kind",
        required=True,
        label_visibility="collapsed",
        on_change=chosen,
    )
    st.caption(_PART_NOTES[_POOLED if pooled else _AFRESH])
