import { stageNames } from "../../../../contract/stages.ts";

const stages = stageNames.map((stage) => `<li data-stage="${stage}">${stage}</li>`).join("");

/** Copied and filled by the script, which sets text only: nothing that the API says is ever read as markup. */
export const templates = `
<template id="model-row">
<tr role="row">
<th role="rowheader" scope="row"><span data-part="model"></span><small data-part="notes"></small></th>
<td role="cell" data-label="Current version"><span data-part="version" class="version"></span><small data-part="origin"></small></td>
<td role="cell" data-label="Age" class="number"><time data-part="age"></time></td>
<td role="cell" data-label="Data through"><span data-part="through" class="whole"></span><small data-part="through-age"></small></td>
<td role="cell" data-label="Error (MAE)" class="number"><span data-part="mae"></span></td>
<td role="cell" data-label="Against naive" class="number"><span data-part="against" class="toned"></span><small data-part="naive"></small></td>
<td role="cell" data-label="Next run"><time data-part="next" class="whole"></time><small data-part="schedule"></small></td>
<td role="cell" class="action"><button type="button" data-part="train" data-does="train">Train…</button></td>
</tr>
</template>
<template id="active-card">
<article class="card">
<div class="title">
<h3><button type="button" class="link" data-part="open" data-does="open"></button></h3>
<span class="badge" data-part="badge"></span>
<button type="button" data-part="cancel" data-does="cancel">Cancel…</button>
</div>
<p class="note"><span data-part="origin"></span></p>
<p class="note" data-part="asked"></p>
<p data-part="why"></p>
<ol class="stages" data-part="stages" aria-label="Stages">${stages}</ol>
<progress data-part="bar" max="100" value="0"></progress>
<p class="words" data-part="words"></p>
</article>
</template>
<template id="run-row">
<tr role="row">
<th role="rowheader" scope="row"><button type="button" class="link" data-part="open" data-does="open"></button><small data-part="origin"></small></th>
<td role="cell" data-label="Model"><span data-part="model"></span></td>
<td role="cell" data-label="Verdict"><span class="badge" data-part="badge"></span></td>
<td role="cell" data-label="Why" class="why"><span data-part="why"></span></td>
<td role="cell" data-label="Created"><time data-part="created" class="whole"></time></td>
<td role="cell" data-label="Took" class="number"><span data-part="took"></span></td>
</tr>
</template>
<template id="fact"><div><dt data-part="term"></dt><dd data-part="value"></dd></div></template>`;
