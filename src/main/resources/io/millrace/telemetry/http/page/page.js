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
    if (cell.since === undefined) {
      delete text.dataset.since;
    } else {
      text.dataset.since = cell.since;
    }
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
      row.id = section.id + "-" + cells[0].text;
      row.className = "row-" + cells[1].tone;
      cells.forEach((cell, j) => fill(row.cells[j], cell, cells[0].text + ": " + columns[j]));
    });
  }

  /** The lines of the banner. As PageHtml.notice. */
  function fillNotices(notices) {
    const list = byId("notices");
    list.hidden = notices.length === 0;
    while (list.children.length > notices.length) {
      list.lastElementChild.remove();
    }
    notices.forEach((notice, i) => {
      const line = list.children[i] || list.appendChild(document.createElement("li"));
      let link = line.querySelector("a");
      if (!notice.row) {
        setText(line, notice.text);
        return;
      }
      if (!link) {
        line.textContent = "";
        link = line.appendChild(document.createElement("a"));
      }
      if (link.getAttribute("href") !== "#" + notice.row) {
        link.href = "#" + notice.row;
      }
      setText(link, notice.text);
    });
  }

  function show(page) {
    byId("banner").className = "headline " + page.tone;
    setText(byId("headline"), page.headline);
    fillNotices(page.notices);
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
    const rates = news.bytes_per_second;
    const end = Date.parse(news.end) / 1000;
    if (rates.length > 1) {
      history.rates = rates;
      history.times = rates.map((_, i) => end - rates.length + 1 + i);
    } else if (end > (history.times.at(-1) || 0)) {
      history.times.push(end);
      history.rates.push(rates[0]);
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
    lastAnswer = Date.now();
    ahead = Date.parse(news.at) - lastAnswer;
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

  /** When the service last told something, by the clock of this browser, and how much the service's is ahead. */
  let lastAnswer = Date.now();
  let ahead = 0;
  let ageing = 0;

  function two(seconds, large, largeName, small, smallName) {
    const rest = Math.floor((seconds % large) / small);
    return Math.floor(seconds / large) + " " + largeName + (rest === 0 ? "" : " " + rest + " " + smallName);
  }

  /** As DisplayFormat.span. */
  function span(seconds) {
    if (seconds < 60) {
      return Math.max(0, seconds) + " s";
    }
    if (seconds < 3600) {
      return two(seconds, 60, "min", 1, "s");
    }
    return seconds < 86400 ? two(seconds, 3600, "h", 60, "min") : two(seconds, 86400, "d", 3600, "h");
  }

  /** 2026-11-28 11:03:22 +01:00, as Timestamps.format, by the clock of this browser's machine. */
  function stamp(date) {
    const part = (number) => String(number).padStart(2, "0");
    const east = -date.getTimezoneOffset();
    const zone = (east < 0 ? "-" : "+") + part(Math.floor(Math.abs(east) / 60)) + ":" + part(Math.abs(east) % 60);
    return date.getFullYear() + "-" + part(date.getMonth() + 1) + "-" + part(date.getDate()) + " "
      + part(date.getHours()) + ":" + part(date.getMinutes()) + ":" + part(date.getSeconds()) + " " + zone;
  }

  /** While the service tells nothing, what is shown grows older all the same. */
  function age() {
    const now = Math.floor((Date.now() + ahead) / 1000);
    document.querySelectorAll("[data-since]").forEach((node) => setText(node, span(now - Number(node.dataset.since)) + " ago"));
    const silent = Math.max(0, Math.floor((Date.now() - lastAnswer) / 1000));
    setText(byId("headline"), "No answer since " + stamp(new Date(lastAnswer))
      + ", " + span(silent) + " ago. What is below was true then.");
  }

  const title = document.title;

  /** Nobody may take an old state for the present one, also where only the tab is seen. */
  function showLost(lost) {
    document.body.classList.toggle("lost", lost);
    document.title = (lost ? "(!) " : "") + title;
    const icon = document.querySelector("link[rel=icon]");
    const href = lost ? icon.dataset.lost : icon.dataset.live;
    if (icon.getAttribute("href") !== href) {
      icon.href = href;
    }
    clearInterval(ageing);
    ageing = 0;
    if (lost) {
      byId("banner").className = "headline lost";
      age();
      ageing = setInterval(age, 1000);
    }
  }

  function linked(live) {
    const link = byId("link");
    link.className = "link " + (live ? "live" : "lost");
    setText(link, live ? "live" : "connection lost, trying again");
    if (live || ageing === 0) {
      showLost(!live);
    }
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
