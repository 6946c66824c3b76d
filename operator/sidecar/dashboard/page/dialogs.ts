const train = `
<dialog id="train" aria-labelledby="train-title">
<form data-part="form">
<h2 id="train-title">Train a model</h2>
<label for="train-model">Model</label>
<select id="train-model"></select>
<label for="train-reason">Reason <small id="train-reason-note">optional</small></label>
<input id="train-reason" maxlength="500" autocomplete="off" autofocus>
<div class="choice">
<input type="checkbox" id="train-dry" aria-describedby="train-dry-note"><label for="train-dry">Dry run</label>
<p class="note" id="train-dry-note">Does everything except publishing.</p>
</div>
<div class="choice">
<input type="checkbox" id="train-force" aria-describedby="train-force-note"><label for="train-force">Force</label>
<p class="note" id="train-force-note">Publishes what the gate refuses, and runs although nothing is new. Recorded with the version.</p>
</div>
<p class="error" role="alert" data-part="error" hidden></p>
<div class="buttons">
<button type="button" class="quiet" data-part="dismiss">Back</button>
<button class="main" data-part="submit">Start the run</button>
</div>
</form>
</dialog>`;

const cancel = `
<dialog id="cancel" aria-labelledby="cancel-title">
<form data-part="form">
<h2 id="cancel-title">Cancel this run?</h2>
<p><code id="cancel-run"></code> stops before it publishes anything. The current version stays.</p>
<p class="note">If the new version is already being published, it still is: then the run ends as Published.</p>
<p class="error" role="alert" data-part="error" hidden></p>
<div class="buttons">
<button type="button" class="quiet" data-part="dismiss" autofocus>Back</button>
<button class="main danger" data-part="submit">Cancel the run</button>
</div>
</form>
</dialog>`;

const details = `
<dialog id="details" class="wide" aria-labelledby="details-title">
<div class="title">
<h2 id="details-title" data-part="name"></h2>
<span class="badge" data-part="badge"></span>
<button type="button" class="quiet" data-part="dismiss" autofocus>Close</button>
</div>
<p class="note" data-part="origin"></p>
<p class="note" data-part="asked"></p>
<p data-part="why"></p>
<div data-part="report" hidden>
<h3>Report</h3>
<p><code data-part="path"></code><span class="note"> on the volume <code data-part="claim"></code></span></p>
</div>
<p><button type="button" data-part="save-report" hidden>Save the report</button></p>
<h3>Facts</h3>
<dl class="facts" data-part="facts"></dl>
<h3>Log of the trainer</h3>
<p><button type="button" data-part="read-log">Read and follow</button></p>
<pre data-part="log" tabindex="0" role="region" aria-label="Log of the trainer" hidden></pre>
<p class="note" role="status" data-part="log-note"></p>
<p class="error" role="alert" data-part="error" hidden></p>
</dialog>`;

/** Native dialogs: the browser keeps the focus inside and gives it back. */
export const dialogs = [train, cancel, details].join("");
