/** Columns of a table as its head; `number` columns are set to the right. */
const head = (columns: readonly (readonly [title: string, kind?: "number" | "heard"])[]): string =>
  columns
    .map(([title, kind]) =>
      kind === "heard"
        ? `<th role="columnheader" scope="col"><span class="heard">${title}</span></th>`
        : `<th role="columnheader" scope="col"${kind === undefined ? "" : ` class="${kind}"`}>${title}</th>`,
    )
    .join("");

const models = head([
  ["Model"],
  ["Current version"],
  ["Age", "number"],
  ["Data through"],
  ["Error (MAE)", "number"],
  ["Against naive", "number"],
  ["Next run"],
  ["Train", "heard"],
]);
const runs = head([["Run"], ["Model"], ["Verdict"], ["Why"], ["Created"], ["Took", "number"]]);

/** What a signed-in person sees. Roles are given in full because narrow screens lay the tables out as cards. */
export const board = `
<div id="board" hidden>
<div id="notice" class="notice" role="alert" hidden>
<p id="notice-text"></p><button type="button" class="quiet" data-does="dismiss-notice">Dismiss</button>
</div>
<section aria-labelledby="models-title">
<h2 id="models-title">Models</h2>
<table id="models" role="table" aria-labelledby="models-title">
<thead role="rowgroup"><tr role="row">${models}</tr></thead>
<tbody id="model-rows" role="rowgroup"></tbody>
</table>
<p id="no-models" class="empty" hidden>The configuration has no model.</p>
</section>
<section aria-labelledby="active-title">
<h2 id="active-title">Under way</h2>
<div id="active-cards"></div>
<p id="none-active" class="empty">No run is under way.</p>
</section>
<section aria-labelledby="runs-title">
<div class="title">
<h2 id="runs-title">Runs</h2>
<label for="filter" class="heard">Runs of</label>
<select id="filter"><option value="">All models</option></select>
</div>
<table id="runs" role="table" aria-labelledby="runs-title">
<thead role="rowgroup"><tr role="row">${runs}</tr></thead>
<tbody id="run-rows" role="rowgroup"></tbody>
</table>
<p id="no-runs" class="empty">There is no run yet. Train a model above, or wait for its schedule.</p>
<p><button type="button" id="more" class="quiet" hidden>Show more</button></p>
</section>
</div>`;
