// Draws every <figure class="chart" data-spec-url="..."> with Vega, in the colours of the page.
// `ast` makes Vega interpret its expressions, so that the page needs no `unsafe-eval`.

const scheme = window.matchMedia("(prefers-color-scheme: dark)");

function theme() {
  const tokens = getComputedStyle(document.documentElement);
  const color = (name) => tokens.getPropertyValue(name).trim();
  return {
    background: "transparent",
    font: color("--ui"),
    view: { stroke: null },
    axis: {
      labelColor: color("--soft"),
      titleColor: color("--soft"),
      titleFontWeight: "normal",
      labelFontSize: 12,
      titleFontSize: 12,
      gridColor: color("--line"),
      domainColor: color("--line"),
      tickColor: color("--line"),
    },
    axisY: { labelColor: color("--ink") },
    legend: {
      labelColor: color("--ink"),
      titleColor: color("--soft"),
      titleFontWeight: "normal",
      labelFontSize: 12,
      titleFontSize: 12,
      symbolStrokeColor: color("--accent"),
    },
    header: { labelColor: color("--ink"), labelFontSize: 12.5 },
    range: {
      category: ["--accent", "--bad", "--good", "--warn", "--soft"].map(color),
    },
    style: {
      mark: { color: color("--accent") },
      interval: { color: color("--accent"), fillOpacity: 0.42, cornerRadius: 3 },
      published: { color: color("--line-strong") },
      errors: { color: color("--bad"), fillOpacity: 0.75 },
      floor: { color: color("--warn") },
    },
  };
}

async function draw(figure) {
  const place = figure.querySelector(".chart-drawing");
  const response = await fetch(figure.dataset.specUrl);
  if (!response.ok) {
    place.textContent = "The chart couldn't be loaded. Its data is in the table below.";
    return;
  }
  const spec = await response.json();
  const options = {
    actions: false,
    ast: true,
    config: theme(),
    defaultStyle: false,
    mode: "vega-lite",
    renderer: "svg",
    tooltip: { disableDefaultStyle: true },
  };
  figure.drawn?.finalize();
  figure.drawn = await window.vegaEmbed(place, spec, options);
}

function drawAll() {
  document.querySelectorAll("figure.chart[data-spec-url]").forEach(draw);
}

drawAll();
scheme.addEventListener("change", drawAll);
// A page whose figures were being made is put in place whole.
document.addEventListener("htmx:afterSettle", drawAll);
