import { paletteStyle } from "./palette.ts";

const base = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);
  font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
  font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main,footer{max-width:1080px;margin:0 auto;padding:0 24px}
main{padding-top:40px}
footer{padding-top:8px;padding-bottom:48px;color:var(--muted);font-size:.875rem}
h1{font-size:1.875rem;line-height:1.25;font-weight:650;letter-spacing:-.012em;margin:0 0 12px;max-width:26em}
h2{font-size:1.3125rem;line-height:1.3;font-weight:650;letter-spacing:-.006em;margin:0 0 12px}
h3{font-size:1rem;line-height:1.4;font-weight:650;margin:28px 0 8px}
p{margin:0 0 12px;max-width:46em}
ul{margin:0 0 12px;padding-left:1.2em}
a{color:inherit;text-decoration-color:var(--muted);text-underline-offset:3px}
nav a{text-decoration-color:var(--line)}
nav{display:flex;flex-wrap:wrap;gap:4px 20px;margin:0 0 36px;font-size:.875rem;color:var(--muted)}
section{margin:0;padding:40px 0 28px;border-top:1px solid var(--line)}
code{font:.875em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
.note,.sub{color:var(--muted);font-size:.875rem;line-height:1.45}
.note{margin-top:12px}
.sub{display:block;font-weight:400}
figcaption .sub{display:inline;margin-left:.4em}
`;

const head = `
header{border-left:4px solid var(--tone);padding:2px 0 4px 20px;margin:0 0 28px}
.model{color:var(--muted);font-size:.9375rem;margin:0 0 4px}
.why{font-size:1.0625rem}
.badge{display:inline-block;margin-right:.5em;padding:.05em .65em;border-radius:999px;font-size:.875rem;font-weight:600;
  color:var(--tone);background:var(--tone-panel)}
.good{--tone:var(--good);--tone-panel:var(--goodPanel)}
.care{--tone:var(--care);--tone-panel:var(--carePanel)}
.bad{--tone:var(--bad);--tone-panel:var(--badPanel)}
.calm{--tone:var(--calm);--tone-panel:var(--calmPanel)}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(220px,1fr));gap:12px 28px;margin:20px 0 0}
.facts dt{color:var(--muted);font-size:.8125rem}
.facts dd{margin:0}
.figures{list-style:none;display:flex;flex-wrap:wrap;gap:12px;padding:0;margin:0 0 24px}
.figures li{flex:1 1 150px;max-width:340px}
.figures li:first-child{flex:1.4 1 230px}
.figures li{background:var(--panel);border-radius:8px;padding:14px 16px}
.figures span{display:block;color:var(--muted);font-size:.8125rem;line-height:1.45}
.figures small{font-size:.875rem;font-weight:500;letter-spacing:0;color:var(--muted)}
.figures strong{display:block;font-size:1.375rem;line-height:1.4;font-weight:650;letter-spacing:-.01em}
`;

const tables = `
.scroll{overflow-x:auto;margin:0 0 12px}
table{border-collapse:collapse;width:100%;font-size:.9375rem;line-height:1.45}
.heard caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.dense th,.dense td{padding-top:4px;padding-bottom:4px}
.dense .sub{display:inline;margin-left:.6em}
caption{text-align:left;color:var(--muted);font-size:.875rem;padding:0 0 6px}
th,td{padding:7px 12px 7px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);overflow-wrap:break-word}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--muted);font-size:.8125rem;font-weight:500;vertical-align:bottom;border-bottom-color:var(--muted)}
tbody th{font-weight:400}
.number{text-align:right}
.metrics .number{width:6em}
td.number,tbody th.number{white-space:nowrap}
.stressed th,.stressed td{font-weight:650}
.stressed .sub{font-weight:400}
.status{white-space:nowrap;color:var(--tone);font-weight:600;font-size:.875rem}
#checks th:last-child,#checks td:last-child,#rules th:last-child,#rules td:last-child{padding-left:14px}
#checks td.number,#rules td.number{white-space:normal;min-width:4.5em;max-width:12em}
`;

const plots = `
figure{margin:0;break-inside:avoid}
figcaption{font-size:.9375rem;margin:12px 0 2px}
svg{vertical-align:middle}
.plot{max-width:100%;height:auto;overflow:visible}
.plot text{font-family:inherit;font-variant-numeric:tabular-nums}
.pair{display:grid;grid-template-columns:minmax(0,1fr);gap:24px;margin-bottom:20px}
.pair .facts{margin-top:4px}
.columns{display:grid;grid-template-columns:minmax(0,1fr);gap:8px 40px;margin-bottom:20px}
.columns .plot{width:100%}
.panels{display:flex;flex-wrap:wrap;gap:8px 40px;margin:0 0 20px}
.key{display:flex;flex-wrap:wrap;gap:2px 18px;color:var(--muted);font-size:.875rem;max-width:none}
.key span{white-space:nowrap}
@media (min-width:900px){
.pair{grid-template-columns:minmax(0,450px) minmax(0,1fr);gap:36px}
.columns{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
}
`;

const narrow = `
@media (max-width:560px){
main,footer{padding-left:16px;padding-right:16px}
main{padding-top:24px}
header{padding-left:14px}
h1{font-size:1.5rem}
section{padding:32px 0 20px}
table{font-size:.875rem}
th,td{padding-right:9px}
.stacked,.stacked caption,.stacked thead,.stacked tbody{display:block}
.metrics .number{width:auto}
.stacked tr{display:grid;grid-template-columns:repeat(var(--cells),minmax(0,1fr));border-bottom:1px solid var(--line)}
.stacked th,.stacked td{border-bottom:0;padding:0 0 6px 6px;min-width:0;max-width:none}
.stacked tbody th{grid-column:1/-1;padding:8px 0 4px}
.stacked thead th:first-child{display:none}
.stacked thead th{font-size:.75rem;align-self:end;hyphens:auto}
.stacked td:last-child,.stacked thead th:last-child{text-align:right}
.figures li{max-width:none}
.figures li:first-child{flex-basis:100%}
.facts{grid-template-columns:repeat(2,minmax(0,1fr))}
}
`;

const print = `
@page{size:A4;margin:16mm 14mm}
@media print{
html{font-size:9.5pt}
body{print-color-adjust:exact;-webkit-print-color-adjust:exact}
main,footer{max-width:none;padding-left:0;padding-right:0}
main{padding-top:0}
nav{display:none}
section{padding:1.5rem 0 .75rem}
p{max-width:none}
h2,h3,caption,.key,figcaption{break-after:avoid}
tr,figure,header,.figures,.facts div{break-inside:avoid}
thead{display:table-header-group}
.scroll{overflow:visible}
.facts{grid-template-columns:repeat(4,minmax(0,1fr))}
.figures{gap:6pt}
.figures li{flex-basis:80px;padding:.7rem .8rem}
.figures li:first-child{flex-basis:170px}
.figures strong{font-size:1.15rem}
.columns{grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:4pt 20pt}
}
`;

/** The page's whole style sheet: light and dark by the reader's preference, always light on paper. */
export const style = [paletteStyle, base, head, tables, plots, narrow, print]
  .map((part) => part.trim())
  .join("\n");
