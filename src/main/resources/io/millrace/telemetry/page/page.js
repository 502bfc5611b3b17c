// SPDX-License-Identifier: Apache-2.0
// Keeps the status page up to date from /events. The server wrote the whole page already; here only texts change, and
// they are set as text, never as markup. Draws with uPlot 1.6.32 (MIT, see uPlot-LICENSE.txt).
"use strict";
(() => {
  const SECONDS = 600;
  const HEIGHT = 170;
  const LOST_AFTER_MS = 12000;
  const byId = (id) => document.getElementById(id);

  function setText(node, text) {
    if (node.textContent !== text) {
      node.textContent = text;
    }
  }

  /** What stands in a cell: its text, perhaps a bar, perhaps a note. As PageHtml.cell. */
  function fill(place, cell, label) {
    let text = place.querySelector(".text");
    if (!text) {
      text = place.appendChild(document.createElement("span"));
    }
    text.className = "text " + cell.tone;
    setText(text, cell.text);
    let bar = place.querySelector("progress");
    if (cell.fraction === undefined) {
      bar?.remove();
    } else {
      if (!bar) {
        bar = document.createElement("progress");
        bar.max = 1;
        text.after(bar);
      }
      bar.value = cell.fraction;
      bar.setAttribute("aria-label", label);
    }
    let note = place.querySelector("small");
    if (!cell.note) {
      note?.remove();
    } else {
      note = note || place.appendChild(document.createElement("small"));
      setText(note, cell.note);
    }
  }

  function newRow(columns) {
    const row = document.createElement("tr");
    columns.forEach((name, i) => {
      const place = document.createElement(i === 0 ? "th" : "td");
      if (i === 0) {
        place.scope = "row";
      }
      place.dataset.label = name;
      row.append(place);
    });
    return row;
  }

  /** Rows stay the same elements while they can, so that a selection or a screen reader keeps its place. */
  function fillTable(section, rows) {
    const table = section.querySelector("table");
    const columns = Array.from(table.tHead.rows[0].cells, (cell) => cell.textContent);
    const body = table.tBodies[0];
    table.hidden = rows.length === 0;
    section.querySelector(".otherwise").hidden = rows.length > 0;
    while (body.rows.length > rows.length) {
      body.rows[body.rows.length - 1].remove();
    }
    rows.forEach((cells, i) => {
      const row = body.rows[i] || body.appendChild(newRow(columns));
      cells.forEach((cell, j) => fill(row.cells[j], cell, cells[0].text + ": " + columns[j]));
    });
  }

  function show(page) {
    const headline = byId("headline");
    headline.className = "headline " + page.tone;
    setText(headline, page.headline);
    const tiles = document.querySelectorAll(".tiles > div");
    page.tiles.forEach((cell, i) => fill(tiles[i].querySelector("dd"), cell, ""));
    for (const [id, rows] of Object.entries(page.tables)) {
      fillTable(byId(id), rows);
    }
  }

  const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

  function rate(bytes) {
    let unit = 0;
    while (bytes >= 1023.5 && unit < UNITS.length - 1) {
      bytes /= 1024;
      unit++;
    }
    const decimals = unit === 0 || bytes >= 100 || Number.isInteger(bytes) ? 0 : bytes >= 10 ? 1 : 2;
    return bytes.toFixed(decimals) + " " + UNITS[unit] + "/s";
  }

  /** Seconds since 1970 and bytes a second, the last ten minutes of each. */
  const history = { times: [], rates: [] };

  function remember(news) {
    if (news.rates.length > 1) {
      history.rates = news.rates;
      history.times = news.rates.map((_, i) => news.end - news.rates.length + 1 + i);
    } else if (news.end > (history.times.at(-1) || 0)) {
      history.times.push(news.end);
      history.rates.push(news.rates[0]);
    }
    while (history.times.length > SECONDS) {
      history.times.shift();
      history.rates.shift();
    }
  }

  const STEPS = Array.from({ length: 46 }, (_, i) => 2 ** i);
  let chart = null;

  function drawChart() {
    const place = byId("chart");
    if (chart) {
      chart.destroy();
    }
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour("--soft"),
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { show: false },
      font: "12px system-ui, sans-serif",
    };
    const clock = (t) => new Date(t * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
    const options = {
      width: place.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      scales: { y: { range: (_, low, high) => [0, Math.max(high * 1.08, 1024 * 1024)] } },
      axes: [
        { ...axis, size: 28, space: 80, incrs: [60, 120, 300], values: (_, splits) => splits.map(clock) },
        { ...axis, size: 84, space: 36, incrs: STEPS, values: (_, splits) => splits.map(rate) },
      ],
      series: [
        {},
        { stroke: colour("--chart"), fill: colour("--chart-ground"), width: 1.5, points: { show: false } },
      ],
      hooks: { setCursor: [tell] },
    };
    const caption = place.querySelector("figcaption");
    place.querySelector("svg")?.remove();
    chart = new uPlot(options, [history.times, history.rates], (self, init) => {
      place.insertBefore(self.root, caption);
      init();
    });
    chart.root.setAttribute("aria-hidden", "true"); // the caption says it in words
  }

  /** Below the chart: the point under the pointer, or how things are. */
  function tell() {
    const caption = byId("chart").querySelector("figcaption");
    const i = chart?.cursor.idx;
    if (i !== null && i !== undefined && history.rates[i] !== undefined) {
      setText(caption, new Date(history.times[i] * 1000).toLocaleTimeString([], { hour12: false }) + ": " + rate(history.rates[i]));
    } else {
      setText(caption, "Now " + rate(history.rates.at(-1) || 0) + ", at most " + rate(Math.max(0, ...history.rates)));
    }
  }

  function update(event) {
    const news = JSON.parse(event.data);
    show(news.page);
    remember(news.history);
    if (chart) {
      chart.setData([history.times, history.rates]);
    } else {
      drawChart();
    }
    tell();
    linked(true);
  }

  let watch = 0;

  function linked(live) {
    const link = byId("link");
    link.className = "link " + (live ? "live" : "lost");
    setText(link, live ? "live" : "connection lost, trying again");
    clearTimeout(watch);
    watch = live ? setTimeout(linked, LOST_AFTER_MS, false) : 0;
  }

  let events = null;

  function listen() {
    events = new EventSource("/events");
    events.onmessage = update;
    events.onerror = () => {
      linked(false);
      if (events.readyState === EventSource.CLOSED) {
        setTimeout(listen, 10000); // refused, as when too many listen: the browser would not ask again
      }
    };
  }

  new ResizeObserver(() => chart?.setSize({ width: byId("chart").clientWidth, height: HEIGHT })).observe(byId("chart"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => chart && drawChart());
  listen();
})();
