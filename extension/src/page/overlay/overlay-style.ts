/**
 * The overlay's style sheet. Its dark glass works on light and dark photos alike, so it ignores the person's theme.
 * LIKE and NOPE differ in word, sign and color. White text on each color has a contrast ratio above 4.5:1.
 */
export const OVERLAY_STYLE = `
:host { all: initial; }
* { box-sizing: border-box; }
.frame, .toast, .gone { direction: ltr; }
.frame { position: fixed; top: 0; left: 0; z-index: 2147483646; pointer-events: none; contain: layout style; }
.stack {
  display: flex; flex-direction: column; align-items: flex-start; gap: 6px; padding: 22px 10px 0; max-width: 100%;
  font: 500 13px/1.35 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: #fff;
}
.pill {
  display: flex; align-items: center; gap: 8px; max-width: 100%; padding: 4px 10px 4px 4px; border-radius: 12px;
  background: rgb(17 17 23 / 0.86); box-shadow: 0 1px 6px rgb(0 0 0 / 0.35);
}
.label {
  display: inline-flex; align-items: center; gap: 4px; padding: 3px 9px; border-radius: 9px;
  font-weight: 700; letter-spacing: 0.03em; background: #4b4b57;
}
.like .label { background: #0a7a4b; }
.nope .label { background: #b3263e; }
.failed .label { background: #8a5a00; }
.percent { font-weight: 650; font-size: 14px; font-variant-numeric: tabular-nums; }
.percent:empty { display: none; }
.pill:has(> .percent:empty) { padding-right: 4px; }
.line { padding: 6px 10px; font-size: 12.5px; overflow-wrap: anywhere; }
.note { border-left: 4px solid #f2b13c; }
.strip { display: flex; gap: 3px; padding: 0 2px; }
.strip span { width: 14px; height: 5px; border-radius: 3px; background: #8b8b98; box-shadow: 0 0 2px rgb(0 0 0 / 0.6); }
.strip .like { background: #1fc07a; }
.strip .nope { background: #f0546e; }
.strip .failed { background: #f2b13c; }
.strip .current { height: 9px; margin-top: -2px; }
.toast, .gone {
  position: fixed; top: 12px; left: 50%; transform: translateX(-50%); z-index: 2147483646; pointer-events: none;
  max-width: min(440px, calc(100vw - 24px)); padding: 9px 16px; border-radius: 14px; color: #fff; text-align: center;
  background: rgb(17 17 23 / 0.92); border: 1px solid #f2b13c; box-shadow: 0 4px 18px rgb(0 0 0 / 0.35);
  font: 500 13px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
.remark { top: auto; bottom: 16px; border-color: #8b8b98; }
[hidden]:not(#_) { display: none; }
@keyframes wait { 50% { opacity: 0.45; } }
.pending .percent { animation: wait 1.2s ease-in-out infinite; }
@media (prefers-reduced-motion: reduce) { .pending .percent { animation: none; } }
`;
