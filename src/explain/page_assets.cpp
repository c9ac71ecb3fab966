// The page's look and its script.
#include "page_parts.hpp"

namespace wengert::paging {

const std::string_view style = R"css(
:root{--ink:#1a1a1a;--paper:#fff;--soft:#555;--rule:#d4d4d8;--now:#fde68a;--done:#f4f4f5;--accent:#1d4ed8}
@media(prefers-color-scheme:dark){:root{--ink:#f0f0f0;--paper:#16181d;--soft:#b8b8b8;--rule:#3f434c;--now:#5b4a0b;--done:#23262d;--accent:#93b4ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:84rem;padding:1rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.3rem;font-weight:600}h2{font-size:1.1rem;margin:1.5rem 0 .5rem}
math{font-size:1.1em}.changed{text-decoration:underline;background:var(--now)}
.controls{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;padding:.5rem 0;background:var(--paper);border-bottom:1px solid var(--rule)}
.controls button{font:inherit;padding:.25rem .75rem;color:var(--ink);background:var(--done);border:1px solid var(--soft);border-radius:.3rem}
.controls button:disabled{opacity:.45}
.controls input{flex:1;min-width:10rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
#status{flex-basis:100%;min-height:1.5em}
.graph{overflow:auto;max-height:65vh;margin:1rem 0}.graph svg{max-width:none}
.sweeps{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:1.5rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{text-align:left;padding:.2rem .5rem;border-bottom:1px solid var(--rule);font-variant-numeric:tabular-nums}
td{font-family:ui-monospace,monospace;font-size:.9rem}#forward td,#reverse td{font-size:.8rem}
.stepping tr.future td{color:transparent}
tr.now{background:var(--now)}
.stepping .box.future{opacity:.25}.stepping .box.future .number,.stepping .box.unpulled .adjoint{visibility:hidden}.box.now rect{stroke-width:3;stroke:var(--accent)!important}
path.now{stroke:var(--accent)!important;stroke-width:2.5}
ol.derivation{list-style:none;padding-left:0}ol.derivation li{margin:.4rem 0;overflow-x:auto}.reason{color:var(--soft);font-size:.9rem;display:block}
details{margin:.5rem 0}summary{cursor:pointer;font-weight:600}
pre{overflow-x:auto}.note{color:var(--soft)}h3{font-size:1rem;margin:.75rem 0 .25rem}td{white-space:pre-line}
ul.words{list-style:none;margin:.25rem 0;padding-left:1rem;font-family:ui-monospace,monospace;font-size:.9rem}ul.words li{display:inline-block;margin-right:1.5rem}
@media print{.graph{max-height:none}.controls{display:none}body{max-width:none}.stepping tr.future td{color:inherit}.stepping .box.future{opacity:1}.stepping .box .number{visibility:visible!important}tr.now{background:none}details>*{display:block}}
)css";

const std::string_view script = R"js(
(() => {
  const steps = JSON.parse(document.getElementById('steps').textContent);
  const last = steps.length - 1;
  const slider = document.getElementById('slider'), status = document.getElementById('status');
  const button = id => document.getElementById(id);
  const rows = steps.map(() => []), lit = steps.map(() => []), born = new Map(), pulled = new Map();
  for (const row of document.querySelectorAll('tr[data-step]')) rows[+row.dataset.step].push(row);
  steps.forEach((step, k) => {
    const box = document.getElementById('box-' + step.box);
    if (box) {
      lit[k].push(box);
      if (!born.has(box)) born.set(box, k);
      if (step.text.startsWith('reverse') && !pulled.has(box)) pulled.set(box, k);
    }
    for (const a of step.arrows) { const arrow = document.getElementById('arrow-' + a); if (arrow) lit[k].push(arrow); }
  });
  const bornAt = steps.map(() => []), pulledAt = steps.map(() => []);
  born.forEach((k, box) => bornAt[k].push(box));
  pulled.forEach((k, box) => pulledAt[k].push(box));
  const graph = document.querySelector('.graph');
  const show = k => {
    const rect = lit[k][0] && lit[k][0].querySelector('rect');
    if (!rect) return;
    const at = name => +rect.getAttribute(name);
    graph.scrollTo(at('x') + (at('width') - graph.clientWidth)/2, at('y') + (at('height') - graph.clientHeight)/2);
  };
  let now = 0;
  const fill = (k, future) => {
    for (const row of rows[k]) row.classList.toggle('future', future);
    for (const box of bornAt[k]) box.classList.toggle('future', future);
    for (const box of pulledAt[k]) box.classList.toggle('unpulled', future);
  };
  const light = (k, on) => {
    for (const row of rows[k]) row.classList.toggle('now', on);
    for (const part of lit[k]) part.classList.toggle('now', on);
  };
  const go = to => {
    to = Math.max(0, Math.min(last, to));
    light(now, false);
    while (now < to) fill(++now, false);
    while (now > to) fill(now--, true);
    light(now, true);
    show(now);
    slider.value = now;
    slider.setAttribute('aria-valuetext', 'step ' + now + ' of ' + last);
    status.textContent = (now ? 'Step ' + now + ' of ' + last + ': ' : '') + steps[now].text;
    button('forward-count').textContent = steps[now].forward;
    button('reverse-count').textContent = steps[now].reverse;
    button('first').disabled = button('back').disabled = now === 0;
    button('next').disabled = button('last').disabled = now === last;
  };
  document.body.classList.add('stepping');
  for (let k = 1; k <= last; ++k) fill(k, true);
  button('first').onclick = () => go(0);
  button('back').onclick = () => go(now - 1);
  button('next').onclick = () => go(now + 1);
  button('last').onclick = () => go(last);
  slider.oninput = () => go(+slider.value);
  document.addEventListener('keydown', e => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.target === slider) return;
    const to = {ArrowRight: now + 1, ArrowLeft: now - 1, PageDown: now + 10, PageUp: now - 10, Home: 0, End: last}[e.key];
    if (to === undefined) return;
    e.preventDefault();
    go(to);
  });
  addEventListener('beforeprint', () => document.querySelectorAll('details').forEach(d => d.open = true));
  go(0);
})();
)js";

}  // namespace wengert::paging
