import { board } from "./page/board.ts";
import { dialogs } from "./page/dialogs.ts";
import { escaped } from "./page/escaped.ts";
import { signIn } from "./page/sign-in.ts";
import { templates } from "./page/templates.ts";

export interface PageFacts {
  readonly version: string;
  readonly audience: string;
  /** Whether the API gives the reports of runs. */
  readonly hasReports: boolean;
}

/** In this order: the last ones overrule. */
const styles = ["page", "controls", "content", "dialogs", "narrow"]
  .map((name) => `<link rel="stylesheet" href="assets/${name}.css">`)
  .join("\n");

/** The whole page. It says nothing of the cluster: whoever opens it has not signed in yet. */
export const dashboardPage = ({ version, audience, hasReports }: PageFacts): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Retraining</title>
<link rel="icon" href="assets/icon.svg" type="image/svg+xml">
${styles}
<script type="module" src="assets/main.js"></script>
</head>
<body${hasReports ? " data-reports" : ""}>
<a class="skip" href="#main">Skip to the content</a>
<header>
<h1>Retraining</h1>
<button type="button" id="sign-out" class="quiet" hidden>Sign out</button>
</header>
<main id="main" tabindex="-1">
${signIn(audience)}
${board}
</main>
<footer><p>retrain-operator ${escaped(version)} · <a href="openapi.json">API description</a></p></footer>
<p id="announcer" class="heard" role="status"></p>
${dialogs}
${templates}
</body>
</html>
`;
