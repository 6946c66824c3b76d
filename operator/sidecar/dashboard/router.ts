import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { Router, type Response } from "express";

import { dashboardPage } from "./page.ts";

export interface DashboardOptions {
  /** Shown at the foot of the page. */
  readonly version: string;
  /** Of the tokens that the API takes; told to people who sign in. */
  readonly audience?: string;
  /** Whether the API gives the reports of runs; it does not unless told otherwise. */
  readonly hasReports?: boolean;
}

/**
 * Serves the page at `/` and what it needs below `/assets/`, to everybody: it holds nothing but markup, and shows what
 * the API gives to the token that somebody signs in with. Its style and scripts are files: a Content-Security-Policy
 * of `'self'` for script, style, connect and img suffices. Throws when a file cannot be read.
 */
export function dashboardRouter(options: DashboardOptions): Router {
  const facts = { audience: "retrain-operator", hasReports: false, ...options };
  const page = fileOf("text/html; charset=utf-8", dashboardPage(facts));
  const assets = readAssets(path.join(import.meta.dirname, "assets"));
  const router = Router();
  router.get("/", (_request, response) => {
    send(response, page);
  });
  router.get("/assets/:name", ({ params }, response, next) => {
    const asset = assets.get(params.name);
    if (asset === undefined) next();
    else send(response, asset);
  });
  return router;
}

interface ServedFile {
  readonly type: string;
  readonly text: string;
  readonly etag: string;
}

/** Files of other kinds are not for browsers. */
const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

function readAssets(directory: string): ReadonlyMap<string, ServedFile> {
  return new Map(
    readdirSync(directory).flatMap((name) => {
      const type = types[path.extname(name)];
      if (type === undefined) return [];
      return [[name, fileOf(type, readFileSync(path.join(directory, name), "utf8"))] as const];
    }),
  );
}

function fileOf(type: string, text: string): ServedFile {
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  return { type, text, etag };
}

/** A browser asks each time and mostly hears that nothing has changed: page and scripts are always of one version. */
function send(response: Response, { type, text, etag }: ServedFile): void {
  response.set({ "Content-Type": type, ETag: etag, "Cache-Control": "no-cache" }).send(text);
}
