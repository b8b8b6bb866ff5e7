// The dialog of an opened unit or number; the address has which one it is.
const dialog = document.getElementById("ho-so");
const content = document.getElementById("ho-so-than");
const back = document.getElementById("ho-so-lui");
let rendered = "";

function renderDialog() {
  const asked = shown.unit + " " + shown.figure;
  if (asked === rendered && dialog.open === (asked !== " ")) return;
  rendered = asked;
  if (asked === " ") return dialog.close();
  const title = document.getElementById("ho-so-ten");
  const [name, parts] = shown.figure ? figureContent(shown.figure, shown.unit) : unitContent(shown.unit);
  title.textContent = name;
  back.hidden = !(shown.unit && shown.figure);
  back.textContent = back.hidden ? "" : "← " + nameOf(shown.unit);
  content.replaceChildren(...parts);
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  title.focus();
}

/** A link to a number or a unit; in a new tab it shows the same. */
function opener(text, changes) {
  const link = make("a", { textContent: text, href: addressOf(changes) });
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(changes, true);
  });
  return link;
}

function unitContent(unit) {
  const row = rowOf.get(unit), details = document.getElementById("u-" + unit);
  const state = make("p", {}, row.cells[1].firstElementChild.cloneNode(true), " · Mã đơn vị: " + unit);
  return [nameOf(unit), [state, make("h3", { textContent: "Số liệu" }), ...figuresOf(unit),
                         make("h3", { textContent: "Tệp, sai sót, quyết định và thay đổi" }), ...filesOf(row, details)]];
}

/** The unit's own values, then what it gave to figures that are made from rows; each opens its sources. */
function figuresOf(unit) {
  const own = Object.keys(sources.values[unit] || {});
  const made = Object.keys(sources.figures).filter((name) => !sources.figures[name].key && unit in sources.figures[name].by);
  const lines = [...own, ...made].map((name) => make("div", {}, make("dt", { textContent: labelOf(name, unit) }),
    make("dd", {}, opener(givenBy(unit, name), { unit, figure: name }))));
  if (lines.length) return [make("dl", { className: "totals" }, ...lines)];
  const why = rowOf.get(unit).dataset.s === "on_time" || rowOf.get(unit).dataset.s === "late"
    ? "Trang này không mang số liệu chi tiết của đơn vị; xem Phụ lục 1 (phu-luc.xlsx)."
    : "Chưa có số liệu nào của đơn vị được tổng hợp.";
  return [make("p", { className: "note", textContent: why })];
}

function filesOf(row, details) {
  if (details) {
    const copy = details.cloneNode(true);
    copy.removeAttribute("id");
    return [copy];
  }
  const name = row.cells[3].textContent;
  return [make("p", {}, ...(name ? [make("b", { className: "file", textContent: name }), " nhận lúc ",
    row.cells[2].firstElementChild.cloneNode(true), ": được tổng hợp, không có sai sót."] : ["Chưa có tệp nào."]))];
}

function figureContent(name, unit) {
  const figure = figureOf(name, unit);
  if (unit) {
    const whole = sources.figures[name] ? make("p", {}, "Cả đợt: ",
      opener(sources.figures[name].printed, { unit: "", figure: name })) : null;
    return [labelOf(name, unit), [numberOf(givenBy(unit, name), nameOf(unit)), whole, ...placesOf(unit, name)].filter(Boolean)];
  }
  const units = Object.keys(figure.by);
  const whole = figure.whole && sources.figures[figure.whole];
  return [figure.label, [
    numberOf(figure.printed, whole ? "trên " + whole.printed + (figure.share ? " (" + figure.share + ")" : "") : ""),
    make("p", { className: "note", textContent: "Cộng từ " + counted(units.length + (figure.rest ? figure.rest[0] : 0)) +
      " đơn vị. Mở một đơn vị để xem tệp, ô và nguyên văn." }),
    ...units.map((code) => partOf(code, name)),
    figure.rest ? make("p", { className: "note", textContent: "Và " + counted(figure.rest[0]) + " đơn vị nữa: " +
      counted(figure.rest[1]) + "; xem Phụ lục số 1 (phu-luc.xlsx) và Biểu làm việc số 4 (so-lieu-lam-viec.xlsx)." }) : null,
    notCounted(),
  ].filter(Boolean)];
}

function numberOf(number, beside) {
  return make("p", { className: "number" }, number + " ", make("small", { textContent: beside }));
}

/** What one unit gave; its places are made when it is opened. */
function partOf(code, name) {
  const details = make("details", { className: "part" }, make("summary", {}, make("span", { textContent: nameOf(code) }),
    make("b", { textContent: givenBy(code, name) })));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(...placesOf(code, name));
  });
  return details;
}

/** Who is not in the numbers at all. */
function notCounted() {
  const missing = rows.filter((row) => row.dataset.s === "missing" || row.dataset.s === "returned");
  if (!missing.length) return null;
  const named = missing.slice(0, 40).map((row) => row.cells[0].textContent + " (" + row.cells[1].textContent.toLowerCase() + ")");
  return make("p", { className: "note", textContent: "Chưa tính: " + named.join(", ") + (missing.length > 40 ? ", …" : "") + "." });
}

function startDialog() {
  document.getElementById("ho-so-dong").addEventListener("click", () => show({ unit: "", figure: "" }, true));
  back.addEventListener("click", () => show({ figure: "" }, true));
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    show({ unit: "", figure: "" }, true);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) show({ unit: "", figure: "" }, true);
  });
}
