import { escaped } from "./escaped.ts";

/** Usable once the script runs: until then the button is off, so that a token is never sent as a form. */
export const signIn = (audience: string): string => `
<section id="sign-in" aria-labelledby="sign-in-title">
<h2 id="sign-in-title">Sign in</h2>
<form id="sign-in-form">
<label for="token">Token</label>
<input id="token" type="password" required autocomplete="off" spellcheck="false" aria-describedby="token-note sign-in-error">
<p id="sign-in-error" class="error" role="alert" hidden></p>
<button id="sign-in-button" class="main" disabled>Sign in</button>
</form>
<div id="token-note" class="note">
<p>With the token of a ServiceAccount that may list RetrainRuns here:</p>
<p><code>kubectl create token NAME --audience=${escaped(audience)}</code></p>
<p>It stays in the memory of this page: reloading it signs out.</p>
</div>
<noscript><p class="error">This page needs JavaScript.</p></noscript>
</section>`;
