// Draws the curves of a run: one chart for each key, keys of one family (evaluate.dice.liver,
// evaluate.dice.spleen) together.
"use strict";
(() => {
  const section = document.getElementById("curves");
  const charts = document.getElementById("charts");
  const none = document.getElementById("no-curves");
  const logScale = document.getElementById("log-scale");
  const plots = new Map();
  const SERIES = 6;
  let curves = [];
  let rest = 0;
  let stale = false;

  function families() {
    const found = new Map();
    for (const curve of curves) {
      const words = curve.key.split(".");
      const family = words.length > 2 ? words.slice(0, -1).join(".") : curve.key;
      if (!found.has(family)) found.set(family, []);
      found.get(family).push(curve);
    }
    // More lines than colours cannot be told apart: go on in a further chart.
    const small = [];
    for (const [name, members] of found) {
      for (let i = 0; i < members.length; i += SERIES) {
        small.push([i === 0 ? name : name + " (" + (i / SERIES + 1) + ")", members.slice(i, i + SERIES)]);
      }
    }
    return small;
  }

  function colour(name) {
    // Resolves light-dark(), which a canvas does not know.
    const probe = document.createElement("span");
    probe.style.color = "var(--" + name + ")";
    probe.hidden = true;
    section.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  }

  function figure(value) {
    if (value === null || value === undefined) return "–";
    return String(Number(value.toPrecision(4)));
  }

  function last(curve) {
    for (let i = curve.points.length - 1; i >= 0; i--) {
      if (curve.points[i][1] !== null) return curve.points[i];
    }
    return null;
  }

  function option(members) {
    const muted = colour("muted");
    const line = colour("line");
    const positive = members.every((one) => one.points.every(([, y]) => y === null || y > 0));
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 4, right: 12, top: 12, bottom: 4, containLabel: true },
      tooltip: {
        trigger: "axis",
        renderMode: "richText", // the page's policy forbids the styles of an HTML tooltip
        confine: true,
        backgroundColor: colour("card"),
        borderColor: colour("line-strong"),
        textStyle: { color: colour("text"), fontSize: 12 },
        valueFormatter: figure,
      },
      xAxis: {
        type: "value", min: "dataMin", max: "dataMax", splitLine: { show: false },
        axisLine: { lineStyle: { color: line } }, axisTick: { show: false },
        axisLabel: { color: muted, fontSize: 11, hideOverlap: true },
      },
      yAxis: {
        type: logScale.checked && positive ? "log" : "value", scale: true, splitNumber: 4,
        splitLine: { lineStyle: { color: line } }, axisLine: { show: false }, axisTick: { show: false },
        axisLabel: { color: muted, fontSize: 11, formatter: figure },
      },
      series: members.map((curve, i) => ({
        type: "line", name: curve.key, data: curve.points,
        showSymbol: curve.points.length < 2 || undefined, symbolSize: 5,
        symbol: curve.points.length < 30 ? "circle" : "none",
        lineStyle: { width: 1.75, color: colour("series-" + (i + 1)) },
        itemStyle: { color: colour("series-" + (i + 1)) },
        emphasis: { disabled: true },
      })),
    };
  }

  function make(name, members) {
    const chart = document.createElement("figure");
    chart.className = members.length > 1 ? "chart wide" : "chart";
    const caption = document.createElement("figcaption");
    const title = document.createElement("strong");
    title.textContent = name;
    caption.append(title, document.createElement("span"));
    const plot = document.createElement("div");
    plot.className = "plot";
    plot.setAttribute("role", "img");
    chart.append(caption, plot);
    if (members.length > 1) {
      const legend = document.createElement("ul");
      legend.className = "legend";
      members.forEach((curve, i) => {
        const item = document.createElement("li");
        item.className = "s" + (i + 1);
        item.textContent = curve.key.split(".").pop();
        legend.append(item);
      });
      chart.append(legend);
    }
    charts.append(chart);
    return { chart, note: caption.lastChild, plot, lines: members.length, drawing: echarts.init(plot, null, { renderer: "canvas" }) };
  }

  function draw() {
    const wanted = families();
    none.hidden = wanted.length > 0;
    for (const [name, held] of plots) {
      const members = wanted.find(([other]) => other === name)?.[1];
      if (!members || members.length !== held.lines) {
        held.drawing.dispose();
        held.chart.remove();
        plots.delete(name);
      }
    }
    for (const [name, members] of wanted) {
      if (!plots.has(name)) plots.set(name, make(name, members));
      const held = plots.get(name);
      held.drawing.setOption(option(members), { notMerge: true });
      const end = members.length === 1 ? last(members[0]) : null;
      held.note.textContent = end ? figure(end[1]) + " at " + end[0] : "";
      held.plot.setAttribute("aria-label", name + ": " + members.map((one) => {
        const point = last(one);
        return point ? one.key + " " + figure(point[1]) + " at " + point[0] : one.key + " no figures";
      }).join("; "));
      held.plot.dataset.points = members.reduce((sum, one) => sum + one.points.length, 0);
    }
  }

  // A run with very many points must not keep the server busy: at most a tenth of the time.
  async function load(last) {
    const begun = performance.now();
    if (begun < rest && !last) return;
    stale = false;
    try {
      const answer = await fetch(new URL(section.dataset.curves, location.origin), { cache: "no-cache" });
      if (answer.ok) {
        curves = (await answer.json()).curves;
        draw();
      }
      rest = performance.now() + 9 * (performance.now() - begun);
    } catch {
      stale = true; // page.js says that the connection is lost
    }
  }

  document.addEventListener("refreshed", (event) => {
    stale ||= event.detail.changed;
    if (stale) load(event.detail.last);
  });
  document.addEventListener("theme", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  logScale.addEventListener("change", draw);
  new ResizeObserver(() => plots.forEach((held) => held.drawing.resize())).observe(charts);
  load(true);
})();
