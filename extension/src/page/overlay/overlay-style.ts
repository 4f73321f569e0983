/**
 * The overlay's style sheet. Its dark glass works on light and dark photos alike, so it ignores the person's theme.
 * LIKE and NOPE differ in word, sign and color, and in the strip in sign and color. Text has a contrast ratio above
 * 4.5:1. Sizes of text are in em of the size that the person set in the browser, because rem would be the page's.
 */
export const OVERLAY_STYLE = `
:host { all: initial; }
* { box-sizing: border-box; }
.frame { position: fixed; top: 0; left: 0; z-index: 2147483646; pointer-events: none; contain: layout style; }
.map { position: absolute; top: 0; left: 0; width: 100%; overflow: hidden; }
.map canvas { position: absolute; }
.stack {
  position: relative;
  display: flex; flex-direction: column; align-items: flex-start; gap: 6px; padding: 22px 10px 0; max-width: 100%;
  font: 500 0.8125em/1.35 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: #fff;
}
.pill {
  display: flex; align-items: center; gap: 8px; max-width: 100%; padding: 4px; padding-inline-end: 10px; border-radius: 12px;
  background: rgb(17 17 23 / 0.86); box-shadow: 0 1px 6px rgb(0 0 0 / 0.35);
}
.label {
  display: inline-flex; align-items: center; gap: 4px; padding: 3px 9px; border-radius: 9px;
  font-weight: 700; letter-spacing: 0.03em; background: #4b4b57;
}
.like .label { background: #0a7a4b; }
.nope .label { background: #b3263e; }
.failed .label { background: #8a5a00; }
.percent { font-weight: 650; font-size: 1.08em; font-variant-numeric: tabular-nums; }
.percent:empty { display: none; }
.pill:has(> .percent:empty) { padding-inline-end: 4px; }
.line { padding: 6px 10px; font-size: 0.96em; overflow-wrap: anywhere; }
.note { border-inline-start: 4px solid #f2b13c; }
.strip {
  display: flex; flex-wrap: wrap; gap: 2px; padding: 2px 4px; border-radius: 9px; background: rgb(17 17 23 / 0.86);
  font-size: 0.85em; font-weight: 800; line-height: 1.3; box-shadow: 0 1px 6px rgb(0 0 0 / 0.35);
}
.strip span { min-width: 1.4em; border-radius: 5px; text-align: center; color: #c9c9d4; }
.strip:empty { display: none; }
.strip .like { color: #3ddc97; }
.strip .nope { color: #ff8a9d; }
.strip .failed { color: #f2b13c; }
.strip .current { outline: 1px solid currentColor; outline-offset: -1px; }
.toast, .gone {
  position: fixed; top: 12px; left: 50%; transform: translateX(-50%); z-index: 2147483646; pointer-events: none;
  max-width: min(440px, calc(100vw - 24px)); padding: 9px 16px; border-radius: 14px; color: #fff; text-align: center;
  background: rgb(17 17 23 / 0.92); border: 1px solid #f2b13c; box-shadow: 0 4px 18px rgb(0 0 0 / 0.35);
  font: 500 0.8125em/1.4 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
.remark { top: auto; bottom: 16px; border-color: #8b8b98; }
.unseen { position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); pointer-events: none; }
[hidden]:not(#_) { display: none; }
@keyframes wait { 50% { opacity: 0.45; } }
.pending .percent { animation: wait 1.2s ease-in-out infinite; }
@media (prefers-reduced-motion: reduce) { .pending .percent { animation: none; } }
`;
