"""What is wrong in a Word template before a report is written from it, each mistake with its
paragraph.

Tags are read as docxtpl reads them: `{%p … %}` and `{%tr … %}` take the place of their paragraph or
row. What the names mean stands in templates/README.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import jinja2
from jinja2 import nodes

from sources.campaign_checks import Mistake
from warehouse.reports.template_paragraphs import (
    TemplateError,
    TemplateParagraph,
    missing_styles,
    read_paragraphs,
)


def _keys(names: str) -> frozenset[str]:
    return frozenset(names.split())


# What the report's context holds; None: figures, or keys of the campaign's form, which any campaign
# may lack.
CONTEXT: dict[str, frozenset[str] | None] = {
    "vb": _keys(
        "cap_tren co_quan don_vi ky_hieu so noi_ngay loai trich_yeu noi_gui noi_nhan chuc_vu nguoi_ky "
        "du_thao da_phat_hanh het_han mo_dau nguyen_nhan ket_luan"
    ),
    "dot": _keys("ten can_cu dia_ban ngay han muc_tieu han_chi_bo han_to_chuc"),
    "ds": _keys(
        "cham tra_lai cho_doi_chieu chua_gui ban_sau chi_co_tong chua_co_so_lieu "
        "tai_lieu_du tai_lieu_so tai_lieu_ty_le tai_lieu_thieu "
        "loai_hinh noi_dung co_gach to_chuc to_chuc_chua_co bon_dien chua_dat co_danh_gia co_han_che "
        "co_quyet_dinh_nguon"
    ),
    "muc": _keys("la_ma so"),
    "hinh": _keys("truong_thon"),
    "so": None,
    "xa": None,
    "y_kien": None,
    "loi": None,
}
LISTS_OF_FIGURES = {"con_lai", "chua_biet"}  # of `so`, beside the figures
OF_A_FIGURE = {"value", "known", "printed", "nhan", "name", "khong_dau", "thieu"}

# Without these the report is not the Party document, or hides a figure.
NEEDED_TAGS = (
    "vb.cap_tren",
    "vb.co_quan",
    "vb.ky_hieu",
    "vb.noi_ngay",
    "vb.loai",
    "vb.trich_yeu",
    "vb.noi_nhan",
    "vb.chuc_vu",
    "so.con_lai",
)
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_HALF_TAG = re.compile(r"\{\{|\}\}|\{%|%\}")
_OF_WORD = re.compile(r"^(\{[{%])(-?)(p|tr|tc|r)(?=\s)")  # what docxtpl reads, not Jinja
_WHOLE_PARAGRAPH = re.compile(r"\{%-?p\s.*?%\}")
_BLOCK = re.compile(r"\{%-?\s*(if|for|endif|endfor)\b")
_PARTS = (nodes.Getattr, nodes.Getitem)
_NO_STYLE = "the style is missing; begin with a copy of the product's template"
_QUOTES = str.maketrans("“”‘’", "\"\"''")  # Word's, which docxtpl takes for plain ones in tags


def template_mistakes(
    path: Path, figures: Collection[str], elsewhere: Collection[str] = ()
) -> list[Mistake]:
    """What keeps a report from being written from the template, or would leave it wrong; empty:
    nothing.

    `figures` are the names of the campaign's figures, `elsewhere` those that only other campaigns
    have: such a figure may stand in a condition, and be printed where that condition asks for it.
    """
    try:
        paragraphs, missing = read_paragraphs(path), missing_styles(path)
    except TemplateError as error:
        return [Mistake(path.name, None, f"{error}; save it in Word as .docx")]
    found: list[tuple[str | None, str]] = [*_misplaced(paragraphs), *_unclosed(paragraphs)]
    if not found:
        found = list(_wrong_names(paragraphs, _Figures(figures, elsewhere)))
    found += [(style, _NO_STYLE) for style in missing]
    return [Mistake(path.name, place, problem) for place, problem in found]


def _misplaced(paragraphs: Iterable[TemplateParagraph]) -> Iterator[tuple[str, str]]:
    """Tags that go on behind their paragraph, and text that one with `p` would take away."""
    for paragraph in paragraphs:
        if half := _HALF_TAG.search(_TAG.sub("", paragraph.text)):
            yield (
                paragraph.place,
                f"{half.group()} has no other half in its paragraph: {_excerpt(paragraph)}",
            )
        tag = _WHOLE_PARAGRAPH.search(paragraph.text)
        if tag and (beside := paragraph.text.replace(tag.group(), "", 1).strip()):
            yield (
                paragraph.place,
                f"{beside[:60]!r} beside {tag.group()} is lost; put the tag into a paragraph of its own",
            )


def _unclosed(paragraphs: Iterable[TemplateParagraph]) -> Iterator[tuple[str, str]]:
    """Conditions and loops that are not closed, or closed without having been opened."""
    opened: list[tuple[str, str]] = []
    for paragraph in paragraphs:
        for word in _BLOCK.findall(_as_jinja(paragraph.text)):
            if not word.startswith("end"):
                opened.append((paragraph.place, word))
            elif opened and opened[-1][1] == word.removeprefix("end"):
                opened.pop()
            else:
                yield paragraph.place, f"{word} closes nothing that is open; {_excerpt(paragraph)}"
                return
    yield from ((place, f"{word} is never closed; add end{word}") for place, word in opened)


def _wrong_names(
    paragraphs: list[TemplateParagraph], figures: _Figures
) -> Iterator[tuple[str | None, str]]:
    """Tags that are none, names that mean nothing, figures that are none, and needed tags that are
    missing."""
    source = "\n".join(_as_jinja(paragraph.text) for paragraph in paragraphs)
    environment = jinja2.Environment(autoescape=True)
    try:
        tree = environment.parse(source)
        _refuse_unknown_filters(tree, environment)
    except jinja2.TemplateSyntaxError as error:
        paragraph = paragraphs[min(error.lineno, len(paragraphs)) - 1]
        yield paragraph.place, f"{error.message}; correct the tag: {_excerpt(paragraph)}"
        return
    names = list(_names(tree))
    for line, name in dict.fromkeys(names):
        if problem := _problem(name, figures):
            paragraph = paragraphs[line - 1]
            yield paragraph.place, f"{problem}: {_excerpt(paragraph)}"
    for line, name in dict.fromkeys(figures.printed_in_vain(tree.body)):
        paragraph = paragraphs[line - 1]
        yield (
            paragraph.place,
            f"{{{{ so.{name} }}}} is no figure of this campaign; put it under {{%p if so.{name} %}}: "
            f"{_excerpt(paragraph)}",
        )
    used = {name for _, name in names}
    yield from (
        (None, f"the tag {{{{ {tag} }}}} is missing; put it in its place (templates/README.md)")
        for tag in NEEDED_TAGS
        if tag not in used
    )


def _refuse_unknown_filters(tree: nodes.Template, environment: jinja2.Environment) -> None:
    for node in tree.find_all((nodes.Filter, nodes.Test)):
        known = environment.filters if isinstance(node, nodes.Filter) else environment.tests
        if node.name not in known:
            raise jinja2.TemplateSyntaxError(f"there is no {node.name!r}", node.lineno)


def _as_jinja(text: str) -> str:
    """A paragraph as one line of Jinja."""
    return _TAG.sub(
        lambda tag: _OF_WORD.sub(r"\1\2", tag.group()).translate(_QUOTES), text.replace("\n", " ")
    )


def _excerpt(paragraph: TemplateParagraph) -> str:
    return repr(paragraph.text if len(paragraph.text) <= 80 else f"{paragraph.text[:79]}…")


def _names(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Each name that the template takes from the report, with its line: so.units_late.commune as a
    whole."""
    own = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"} | {"loop"}
    inner = {id(child) for node in tree.find_all(_PARTS) for child in node.iter_child_nodes()}
    for node in tree.find_all((nodes.Name, *_PARTS)):
        if id(node) in inner or (name := _dotted(node)) is None:
            continue
        if name.split(".")[0] not in own:
            yield node.lineno, name


def _dotted(node: nodes.Node) -> str | None:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and (of := _dotted(node.node)):
        return f"{of}.{node.attr}"
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        of = _dotted(node.node)
        return f"{of}.{node.arg.value}" if of else None
    return None


def _problem(name: str, figures: _Figures) -> str | None:
    first, _, rest = name.partition(".")
    if first not in CONTEXT:
        return f"{first} is no name of the report (those are {', '.join(CONTEXT)}); correct it"
    keys = CONTEXT[first]
    if keys is not None and rest.split(".")[0] not in keys:
        return (
            f"{name} is not one of {', '.join(f'{first}.{key}' for key in sorted(keys))}; "
            "correct it"
        )
    if first == "so" and rest and not figures.knows(rest):
        return f"so.{figures.name_of(rest)} is no figure of figures.toml; correct the name, or declare it"
    return None


class _Figures:
    """Which figures a campaign has, and what a template prints of those that it does not have."""

    def __init__(self, figures: Collection[str], elsewhere: Collection[str]) -> None:
        self._has = set(figures)
        self._elsewhere = set(elsewhere)

    def name_of(self, rest: str) -> str:
        """The figure's name of what follows `so.`: without `.value` and the like."""
        name, _, last = rest.rpartition(".")
        return name if name and last in OF_A_FIGURE else rest

    def knows(self, rest: str) -> bool:
        """Whether what follows `so.` is a figure of this campaign or of another one, or a list of
        figures."""
        name = self.name_of(rest)
        if name in self._has or name in LISTS_OF_FIGURES or name in self._elsewhere:
            return True
        return name.split(".")[0] in self._elsewhere

    def printed_in_vain(self, body: Iterable[nodes.Node]) -> Iterator[tuple[int, str]]:
        """Line and name of figures that the campaign does not have, and that would be printed all
        the same."""
        for node in body:
            if isinstance(node, nodes.If):
                yield from self._of_condition(node)
            elif isinstance(node, nodes.Output):
                for printed in node.nodes:
                    name = _dotted(printed) or ""
                    if name.startswith("so.") and self._lacks(name.removeprefix("so.")):
                        yield printed.lineno, name.removeprefix("so.")
            elif isinstance(node, nodes.For):
                yield from self.printed_in_vain((*node.body, *node.else_))

    def _of_condition(self, node: nodes.If) -> Iterator[tuple[int, str]]:
        for branch in (node, *node.elif_):
            holds = self._holds(branch.test)
            if holds is not False:
                yield from self.printed_in_vain(branch.body)
            if holds:
                return
        yield from self.printed_in_vain(node.else_)

    def _holds(self, test: nodes.Node) -> bool | None:
        """Whether a condition holds in this campaign; None: it depends on the reports."""
        if isinstance(test, nodes.Not):
            holds = self._holds(test.node)
            return None if holds is None else not holds
        if isinstance(test, nodes.And | nodes.Or):
            ends_it = isinstance(test, nodes.Or)
            sides = (self._holds(test.left), self._holds(test.right))
            if ends_it in sides:
                return ends_it
            return None if None in sides else not ends_it
        name = _dotted(test) or ""
        return False if name.startswith("so.") and self._lacks(name.removeprefix("so.")) else None

    def _lacks(self, rest: str) -> bool:
        name = self.name_of(rest)
        return name not in self._has and name not in LISTS_OF_FIGURES and self.knows(rest)
