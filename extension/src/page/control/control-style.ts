/**
 * The control's style sheet. `!important` on the host is what the page can't overrule: it must not hide the control or
 * make it look like something of its own. The bar is opaque, so that the browser can tell whether anything covers it.
 * Sizes of text are in em of the size that the person set in the browser, because rem would be the page's.
 */
export const CONTROL_STYLE = `
:host { all: initial !important; }
* { box-sizing: border-box; }
.bar {
  --ground: light-dark(#fff, #22222b); --edge: light-dark(#757483, #8b8b9c); --text: light-dark(#1b1a22, #f2f1f7);
  --accent: light-dark(#5b3df5, #a594ff);
  position: fixed; top: 0; left: 0; z-index: 2147483647; display: flex; flex-wrap: wrap; max-width: 232px; color-scheme: light dark;
  color: var(--text); background: var(--ground); border: 1px solid var(--edge); border-radius: 14px;
  font: 500 0.8125em/1.2 system-ui, sans-serif; user-select: none; forced-color-adjust: none;
}
button, select {
  appearance: none; margin: 0; border: 0; background: none; color: inherit; font: inherit; cursor: pointer;
}
button { display: grid; place-items: center; min-width: 28px; padding: 0; border-radius: 12px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
.handle { cursor: grab; touch-action: none; }
.handle::before {
  content: ""; width: 10px; height: 22px; background: radial-gradient(var(--text) 1.5px, transparent 2px) 0 0 / 5px 5.5px;
}
.states { padding: 5px 0; }
.state { display: flex; align-items: center; gap: 6px; padding: 0 4px 1px; font-weight: 650; }
.state::before { content: ""; width: 9px; height: 9px; border-radius: 50%; background: light-dark(#0a7a4b, #4cd695); }
.waiting .state::before { background: none; border: 2px solid var(--edge); }
.paused .state::before { border-radius: 2px; background: var(--edge); }
.stopped .state::before { border-radius: 2px; background: light-dark(#8a5a00, #f2b13c); }
select {
  height: 2em; width: 6.5em; padding: 0; padding-inline: 4px 18px; border-radius: 8px;
  background:
    linear-gradient(45deg, transparent 50%, var(--text) 50%) right 10px center / 5px 5px no-repeat,
    linear-gradient(-45deg, transparent 50%, var(--text) 50%) right 5px center / 5px 5px no-repeat;
}
select:dir(rtl) { background-position: left 5px center, left 10px center; }
option { background: var(--ground); }
.act { width: 44px; margin: 4px 0; margin-inline-start: 4px; background: var(--accent); }
.act::before { content: ""; width: 14px; height: 16px; background: var(--ground); }
.pause::before { clip-path: path("M1 0h4v16h-4zM9 0h4v16h-4z"); }
.resume::before { clip-path: path("M1 0L14 8L1 16z"); }
.why { font-weight: 700; font-size: 1.1em; }
.why[aria-pressed=true] { color: var(--ground); background: var(--accent); margin: 4px 0; }
.why-panel { flex: 100%; display: grid; gap: 6px; padding: 8px 10px 10px; border-top: 1px solid var(--edge); }
.tight .why-panel { display: none; }
.why-title { font-weight: 650; }
.why-other { justify-self: start; padding: 3px 8px; border: 1px solid var(--edge); }
.why-picture { position: relative; overflow: hidden; border-radius: 8px; cursor: crosshair; }
.why-picture img { display: block; width: 100%; }
.why-map { position: absolute; inset: 0; }
canvas { position: absolute; }
.why-mark { position: absolute; border: 2px solid #fff; box-shadow: 0 0 0 1px #000; }
.why-value { min-height: 2.4em; }
.why-legend { direction: ltr; display: flex; gap: 6px; align-items: center; font-variant-numeric: tabular-nums; }
.why-scale { flex: 1; height: 10px; border-radius: 3px; }
.why-opacity { display: flex; gap: 8px; align-items: center; }
.why-opacity input { flex: 1; min-width: 0; accent-color: var(--accent); }
.hide::before { content: "×" / ""; font-size: 1.3em; }
.handle:hover, .hide:hover, select:hover { color: var(--accent); }
[hidden]:not(#_) { display: none; }
@media (pointer: coarse) { button { min-width: 44px; } select { height: 44px; } }
`;
