"""What a PDF page paints: its pictures and where they lie, and whether there is more to see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import pikepdf

from document.geometry import Box
from pipeline.affine import IDENTITY, Matrix, box_between, common, image_of, matrix_of, multiply
from pipeline.inflating import inflates_beyond

_LONGEST_CONTENT = 8_000_000
_DEEPEST_FORM = 8
_MOST_FORMS = 3000
_LONGEST_UNPACKED = 128 << 20
_INVISIBLE = 3

_FILLS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh"})
_PATHS = frozenset({"m", "c", "v", "y"})  # what begins, and curves; lines follow by the thousand
_TEXTS = frozenset({"Tj", "TJ", "'", '"'})
_STATES = frozenset({"q", "Q", "cm", "gs", "Tf", "Tr", "BT", "Tm", "re", "W", "W*", "n"})
_DRAWN = frozenset({"Do", "BI", "ID", "EI", "BDC"})
_FOLLOWED = " ".join(sorted(_STATES | _DRAWN | _PATHS | _FILLS | _TEXTS))
"""The parser passes over what only tells colours and widths."""
_QUIET_ANNOTATIONS = frozenset({"/Link", "/Popup"})
_HIDDEN_FLAGS = 0b10 | 0b100000
_Operands: TypeAlias = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Placement:
    """A picture on a page: ``matrix`` takes the unit square to points of the page.

    ``image`` is None for a picture written inside the content stream.
    """

    image: pikepdf.Object | None
    width: int
    height: int
    matrix: Matrix

    @property
    def dpi(self) -> tuple[float, float]:
        """Pixels per inch along the picture's own width and height."""
        a, b, c, d, _, _ = self.matrix
        across, down = float((a * a + b * b) ** 0.5), float((c * c + d * d) ** 0.5)
        return (
            self.width * 72 / across if across else 0.0,
            self.height * 72 / down if down else 0.0,
        )

    @property
    def box(self) -> Box:
        """The box it covers, in points; ``top`` is the lower y of PDF's upward axis."""
        return image_of(Box(0, 0, 1, 1), self.matrix)


@dataclass(slots=True)
class Painting:
    """What a page shows, gathered while its content is walked through.

    ``others`` is True where something besides whole, opaque pictures is painted: lines, fills,
    visible text, annotations, transparency, clips that are no rectangle. ``clip`` is the part
    of the page, in points, that pictures are cut to. ``smallest_text`` is in points. ``endless``
    is True where forms draw themselves or one another by the thousand, or the content is a bomb:
    renderers would never end.
    """

    placements: list[Placement] = field(default_factory=list)
    others: bool = False
    smallest_text: float | None = None
    clip: Box | None = None
    endless: bool = False


def walk(page: pikepdf.Page) -> Painting:
    """Walk through the content of a page, and of the forms it draws.

    Raises pikepdf.PdfError where the content cannot be parsed.
    """
    painting = Painting()
    painting.others = any(_shows(annotation) for annotation in page.obj.get("/Annots", ()) or ())
    _Walker(painting).walk(page.obj, page.resources, _State(IDENTITY), 0)
    return painting


@dataclass(slots=True)
class _State:
    """The part of the graphics state that matters here."""

    ctm: Matrix
    clip: Box | None = None
    text_mode: int = 0
    font_size: float = 0.0


@dataclass(slots=True)
class _Scene:
    """Where in a content stream the walk is; a form drawn from it is a scene of its own."""

    resources: pikepdf.Object | None
    depth: int
    state: _State
    saved: list[_State] = field(default_factory=list)
    path: list[tuple[Matrix, _Operands] | None] = field(default_factory=list)
    clips: bool = False
    text_scale: float = 1.0


class _Walker:
    """Follows the operators of content streams and notes what they paint."""

    def __init__(self, painting: Painting) -> None:
        self._painting = painting
        self._size = 0
        self._forms = 0
        self._within: list[tuple[int, int]] = []
        self._steps: dict[str, Callable[[_Scene, _Operands], None]] = {
            "q": self._save,
            "Q": self._restore,
            "cm": self._transform,
            "re": self._rectangle,
            "W": self._clip,
            "W*": self._clip,
            "n": self._end_path,
            "Tf": self._font,
            "Tr": self._text_mode,
            "BT": self._text_start,
            "Tm": self._text_matrix,
            "gs": self._graphics_state,
            "Do": self._draw,
            "INLINE IMAGE": self._inline,
            "BDC": self._marked,
            **dict.fromkeys(_PATHS, self._path),
            **dict.fromkeys(_FILLS, self._fill),
            **dict.fromkeys(_TEXTS, self._text),
        }

    def walk(
        self, stream: pikepdf.Object, resources: pikepdf.Object | None, state: _State, depth: int
    ) -> None:
        """Follow one content stream. Endless ones and endless nesting count as ``others``."""
        self._size += _length(stream)
        if any(inflates_beyond(part, _LONGEST_UNPACKED) for part in _parts(stream)):
            self._painting.endless = True
            return
        if self._size > _LONGEST_CONTENT or depth > _DEEPEST_FORM:
            self._painting.others = True
            return
        scene = _Scene(resources, depth, state)
        for operands, operator in pikepdf.parse_content_stream(stream, _FOLLOWED):
            step = self._steps.get(str(operator))
            if step is not None:
                step(scene, operands)

    def _save(self, scene: _Scene, _: _Operands) -> None:
        scene.saved.append(replace(scene.state))

    def _restore(self, scene: _Scene, _: _Operands) -> None:
        if scene.saved:
            scene.state = scene.saved.pop()

    def _transform(self, scene: _Scene, operands: _Operands) -> None:
        scene.state.ctm = multiply(matrix_of(operands), scene.state.ctm)

    def _rectangle(self, scene: _Scene, operands: _Operands) -> None:
        scene.path.append((scene.state.ctm, operands))

    def _path(self, scene: _Scene, _: _Operands) -> None:
        scene.path.append(None)

    def _clip(self, scene: _Scene, _: _Operands) -> None:
        scene.clips = True

    def _end_path(self, scene: _Scene, _: _Operands) -> None:
        if scene.clips:
            scene.state.clip = self._clipped(scene.state.clip, scene.path)
        scene.path, scene.clips = [], False

    def _fill(self, scene: _Scene, operands: _Operands) -> None:
        self._painting.others = True
        self._end_path(scene, operands)

    def _font(self, scene: _Scene, operands: _Operands) -> None:
        scene.state.font_size = abs(float(operands[1]))

    def _text_mode(self, scene: _Scene, operands: _Operands) -> None:
        scene.state.text_mode = int(operands[0])

    def _text_start(self, scene: _Scene, _: _Operands) -> None:
        scene.text_scale = 1.0

    def _text_matrix(self, scene: _Scene, operands: _Operands) -> None:
        a, b, c, d = matrix_of(operands)[:4]
        scene.text_scale = abs(a * d - b * c) ** 0.5

    def _text(self, scene: _Scene, _: _Operands) -> None:
        if scene.state.text_mode == _INVISIBLE:
            return  # the text layer that OCR programs lay over a scan
        self._painting.others = True
        a, b, c, d = scene.state.ctm[:4]
        size = scene.state.font_size * scene.text_scale * abs(a * d - b * c) ** 0.5
        if size > 1:
            smallest = self._painting.smallest_text
            self._painting.smallest_text = size if smallest is None else min(size, smallest)

    def _graphics_state(self, scene: _Scene, operands: _Operands) -> None:
        settings = _resource(scene.resources, "/ExtGState", operands[0])
        if settings is None:
            return
        opaque = all(float(settings.get(key, 1)) >= 1 for key in ("/ca", "/CA"))
        plain = settings.get("/BM", "/Normal") in {"/Normal", "/Compatible"}
        if not opaque or not plain or settings.get("/SMask", "/None") != "/None":
            self._painting.others = True

    def _draw(self, scene: _Scene, operands: _Operands) -> None:
        """Note a picture, or go into a form."""
        drawn = _resource(scene.resources, "/XObject", operands[0])
        if drawn is None:
            return
        if "/OC" in drawn:
            self._painting.others = True  # a layer: only the renderer knows whether it shows
        if drawn.get("/Subtype") == "/Image":
            size = (int(drawn.get("/Width", 0)), int(drawn.get("/Height", 0)))
            self._place(drawn, size, scene.state)
        elif drawn.get("/Subtype") == "/Form":
            state = replace(scene.state)
            state.ctm = multiply(matrix_of(drawn.get("/Matrix", IDENTITY)), state.ctm)
            if "/BBox" in drawn:
                box = image_of(box_between(*(float(value) for value in drawn["/BBox"])), state.ctm)
                state.clip = box if state.clip is None else common(state.clip, box)
            self._form(drawn, drawn.get("/Resources", scene.resources), state, scene.depth + 1)

    def _form(
        self, form: pikepdf.Object, resources: pikepdf.Object | None, state: _State, depth: int
    ) -> None:
        """Follow a form, unless it draws itself or is one of too many."""
        self._forms += 1
        if form.objgen in self._within or self._forms > _MOST_FORMS:
            self._painting.endless = True
        if self._painting.endless:
            return
        self._within.append(form.objgen)
        self.walk(form, resources, state, depth)
        self._within.pop()

    def _marked(self, _: _Scene, operands: _Operands) -> None:
        if operands and operands[0] == "/OC":
            self._painting.others = True  # a layer, as above

    def _inline(self, scene: _Scene, operands: _Operands) -> None:
        self._place(None, (int(operands[0].width), int(operands[0].height)), scene.state)

    def _place(self, image: pikepdf.Object | None, size: tuple[int, int], state: _State) -> None:
        self._painting.placements.append(Placement(image, size[0], size[1], state.ctm))
        self._painting.clip = state.clip

    def _clipped(
        self, clip: Box | None, path: Sequence[tuple[Matrix, _Operands] | None]
    ) -> Box | None:
        """Cut ``clip`` to a rectangle; any other shape is left to the renderer."""
        if len(path) != 1 or path[0] is None:
            self._painting.others = True
            return clip
        x, y, width, height = (float(value) for value in path[0][1])
        drawn = image_of(box_between(x, y, x + width, y + height), path[0][0])
        return drawn if clip is None else common(clip, drawn)


def _resource(
    resources: pikepdf.Object | None, kind: str, name: pikepdf.Object
) -> pikepdf.Object | None:
    if resources is None or kind not in resources:
        return None
    return resources[kind].get(str(name))


def _length(stream: pikepdf.Object) -> int:
    """Return how many bytes a content holds, packed; without unpacking it."""
    return sum(int(part.get("/Length", 0)) for part in _parts(stream))


def _parts(stream: pikepdf.Object) -> list[pikepdf.Stream]:
    """Return the streams that a content consists of."""
    contents = stream.get("/Contents") if "/Contents" in stream else stream
    parts = contents if isinstance(contents, pikepdf.Array) else [contents]
    return [part for part in parts if isinstance(part, pikepdf.Stream)]


def _shows(annotation: pikepdf.Object) -> bool:
    """Tell whether an annotation (a stamp, a note, a form field) paints something."""
    if not isinstance(annotation, pikepdf.Dictionary):
        return False
    hidden = int(annotation.get("/F", 0)) & _HIDDEN_FLAGS
    return (
        "/AP" in annotation and not hidden and annotation.get("/Subtype") not in _QUIET_ANNOTATIONS
    )
