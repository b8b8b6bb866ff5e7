// Where the values behind a number stand: file, sheet, ref and raw text, from the JSON of the page.

/** A figure of the campaign, or a unit's own key; null where the page has not got it. */
function figureOf(name, unit) {
  if (!Object.hasOwn(sources.figures, name) && !(unit && Object.hasOwn(sources.keys, name))) return null;
  return sources.figures[name] || sources.keys[name];
}

/** What a number counts: of a unit's own key, in the words of the form. */
function labelOf(name, unit) {
  return (unit && sources.keys[name] || figureOf(name, unit)).label;
}

/** What a unit gave to a figure, as it is printed; "" where it gave nothing. */
function givenBy(unit, name) {
  const figure = sources.figures[name];
  if (figure && unit in figure.by) return counted(figure.by[unit]);
  const value = (sources.values[unit] || {})[figure && figure.key ? figure.key : name];
  return value ? value[0] : "";
}

/** A heading, and cells of one line each below it. */
function tableOf(caption, headings, lines, className) {
  const head = make("tr", {}, ...headings.map((heading) => make("th", { scope: "col", textContent: heading })));
  return make("table", { className }, make("caption", { className: "hush", textContent: caption }),
              make("thead", {}, head), make("tbody", {}, ...lines));
}

function place(file, sheet, ref) {
  const at = sources.texts[sheet];
  return sources.texts[file] + " · " + (at ? at + "!" : "") + ref;
}

/** The text as it stands in the file; of a blank place, that it is blank. */
function raw(text) {
  return text ? make("td", { className: "raw", textContent: text })
              : make("td", { className: "raw blank", textContent: "(để trống)" });
}

function lineOf(name, label, file, sheet, ref, text) {
  return make("tr", {}, make("th", { scope: "row", textContent: name }), make("td", { textContent: label }),
              make("td", { className: "file", textContent: place(file, sheet, ref) }), raw(text));
}

/** The rows of a table that give a number: of each its columns' places. */
function linesOfRows(unit, made, counting) {
  const rowsOfUnit = sources.tables[made.table].rows[unit] || [];
  const shownRows = counting ? counting.map((n) => rowsOfUnit[n]) : rowsOfUnit;
  return shownRows.flatMap((row) => made.columns.filter((column) => row[3 + 2 * column] !== 0).map((column) => lineOf(
    row[0], sources.tables[made.table].columns[column], row[1], row[2], row[3 + 2 * column], row[4 + 2 * column])));
}

/** A table of the places behind what a unit gave to a figure, and what is left out of it. */
function placesOf(unit, name) {
  const figure = sources.figures[name] || {}, key = sources.figures[name] ? figure.key : name;
  const value = key && (sources.values[unit] || {})[key];
  const label = (sources.keys[key] || figure).label;
  const own = value && value.length > 1;
  const made = own ? null : key ? sources.keys[key] : figure;
  const lines = own ? [lineOf(nameOf(unit), label, ...value.slice(1))]
    : made && made.table ? linesOfRows(unit, made, key ? null : figure.rows && (figure.rows[unit] || [])) : [];
  const more = made && made.table ? sources.tables[made.table].more[unit] : 0;
  return [
    lines.length ? tableOf("Nguồn của " + label + ", " + nameOf(unit), ["Dòng", "Mục", "Tệp · trang!ô", "Nguyên văn"],
                           lines, "places") : make("p", { className: "note", textContent: "Không có nguồn ở trang này." }),
    more ? make("p", { className: "note", textContent: "Còn " + counted(more) + " dòng nữa không hiện ở đây." }) : null,
  ].filter(Boolean);
}
