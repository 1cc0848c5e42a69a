"use strict";
// Draws the charts and moves the map, from the numbers in the page's own data block.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const start = Date.parse(data.start + "T00:00:00Z");
  const date = (day) => new Date(start + day * 86400000).toISOString().slice(0, 10);
  const byId = (id) => document.getElementById(id);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  // Okabe and Ito's colours, told apart by all kinds of sight.
  const HUES = [[0, 114, 178], [213, 94, 0]];
  // Cividis, in nine steps (Nunez, Anderton and Renslow 2018): dark is little, bright is much.
  const RAMP = ["#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#fee838"];

  const at = (path) => path.split(".").reduce((value, key) => value[key], data);

  function traces(fans) {
    const all = [];
    fans.forEach((fan, k) => {
      const [r, g, b] = HUES[k % HUES.length];
      const x = fan.days.map(date);
      const edge = (y, fill) => ({ x, y, mode: "lines", line: { width: 0 }, hoverinfo: "skip", showlegend: false, ...fill });
      if (fan.bands) {
        const fill = (alpha) => ({ fill: "tonexty", fillcolor: `rgba(${r},${g},${b},${alpha})` });
        all.push(edge(fan.bands[0], {}), edge(fan.bands[4], fill(0.18)));
        all.push(edge(fan.bands[1], {}), edge(fan.bands[3], fill(0.32)));
      }
      all.push({ x, y: fan.bands ? fan.bands[2] : fan.mean, mode: "lines", name: fan.name, line: { width: 2, color: `rgb(${r},${g},${b})`, dash: k ? "dash" : "solid" } });
    });
    return all;
  }

  // Small shares are written out; large counts in thousands.
  const largest = (fans) => Math.max(...fans.flatMap((fan) => (fan.bands ? fan.bands[4] : fan.mean)));

  function draw(place, chart) {
    const ink = colour("--ink"), grid = colour("--line");
    const axis = { color: ink, gridcolor: grid, zerolinecolor: grid, automargin: true, fixedrange: true };
    const layout = {
      margin: { l: 44, r: 8, t: 8, b: 32 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: ink, size: 12 }, showlegend: chart.fans.length > 1, legend: { orientation: "h", y: 1.15 },
      xaxis: { ...axis, type: "date" }, yaxis: { ...axis, rangemode: "tozero", exponentformat: largest(chart.fans) < 1 ? "none" : "SI" }, hovermode: "x unified",
    };
    Plotly.react(place, traces(chart.fans), layout, { displayModeBar: false, responsive: true });
    place.dataset.drawn = "yes";
  }

  const places = [...document.querySelectorAll("[data-chart]")];
  const drawPlace = (place) => draw(place, at(place.dataset.chart));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) { seen.unobserve(entry.target); drawPlace(entry.target); }
    }
  }, { rootMargin: "300px" });
  places.forEach((place) => seen.observe(place));

  // The map.
  const tiles = [...document.querySelectorAll(".tile")];
  const what = byId("map-what"), when = byId("map-when"), play = byId("map-play");
  const ramp = (share) => RAMP[Math.max(0, Math.min(RAMP.length - 1, Math.round(share * (RAMP.length - 1))))];
  const said = (value) => (value === 0 ? "0" : String(Number(value.toPrecision(2))));
  function paint() {
    const shown = data.map.observables[Number(what.value)];
    const week = Number(when.value);
    const day = date(data.map.days[week] ?? 0);
    byId("map-date").textContent = day;
    when.setAttribute("aria-valuetext", day);
    byId("scale-high").textContent = said(shown.most);
    tiles.forEach((tile, k) => {
      const fan = shown.fans[k];
      const value = fan ? fan.mean[week] : 0;
      const share = value / shown.most;
      tile.style.background = ramp(share);
      tile.style.color = share > 0.55 ? "#000" : "#fff";
      tile.dataset.value = value;
      tile.setAttribute("aria-label", `${data.map.regions[k].name}: ${said(value)}, ${shown.unit}, ${day}`);
    });
  }
  document.querySelector(".ramp").style.background = `linear-gradient(to right, ${RAMP.join(",")})`;
  what.addEventListener("change", paint);
  when.addEventListener("input", paint);
  let clock = null;
  function stop() { clearInterval(clock); clock = null; play.textContent = "Play"; }
  play.addEventListener("click", () => {
    if (clock) { stop(); return; }
    if (Number(when.value) >= Number(when.max)) { when.value = 0; }
    play.textContent = "Pause";
    paint();
    clock = setInterval(() => {
      if (Number(when.value) >= Number(when.max)) { stop(); return; }
      when.value = Number(when.value) + 1;
      paint();
    }, 150);
  });

  // A region's charts.
  const panel = byId("region");
  let open = -1;
  function show(k) {
    open = k;
    tiles.forEach((tile, j) => tile.setAttribute("aria-pressed", String(j === k)));
    byId("region-name").textContent = data.map.regions[k].name;
    const room = byId("region-charts");
    room.replaceChildren();
    panel.hidden = false;
    for (const observable of data.map.observables) {
      const fan = observable.fans[k];
      if (!fan) { continue; }
      const figure = document.createElement("figure"), caption = document.createElement("figcaption"), place = document.createElement("div");
      caption.textContent = `${observable.label} (${observable.unit.replace(", mean", "")})`;
      place.className = "chart";
      place.setAttribute("role", "img");
      place.setAttribute("aria-label", `${observable.label} in ${data.map.regions[k].name} over time`);
      figure.append(caption, place);
      room.append(figure);
      draw(place, { fans: [fan] });
    }
    panel.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  }
  function close() {
    panel.hidden = true;
    if (open >= 0) { tiles[open].setAttribute("aria-pressed", "false"); tiles[open].focus(); }
    open = -1;
  }
  tiles.forEach((tile, k) => tile.addEventListener("click", () => show(k)));
  byId("region-close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && open >= 0) { close(); } });
  paint();

  // Another scheme of colours, and paper.
  const again = () => {
    places.filter((place) => place.dataset.drawn).forEach(drawPlace);
    if (open >= 0) { show(open); }
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  const size = (width) => document.querySelectorAll(".chart").forEach((place) => {
    if (place.dataset.drawn) { Plotly.relayout(place, width ? { width: Math.min(width, place.clientWidth), autosize: false } : { autosize: true, width: undefined }); }
  });
  addEventListener("beforeprint", () => { document.querySelectorAll("#findings details").forEach((details) => { details.open = true; }); places.filter((place) => !place.dataset.drawn).forEach(drawPlace); size(330); });
  addEventListener("afterprint", () => size(0));
})();
