import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { DirectoryCache } from "../../hack/images/cache.ts";
import { run } from "../../hack/xgboost/run.ts";
import { cacheDirectory } from "../../trainer/xgboost/library.ts";

const project = path.join(import.meta.dirname, "..", "..");
const baseImage = "localhost/node:24-bookworm-slim";
const authorities = "/etc/ssl/certs/ca-certificates.crt";
/** How programs of this machine reach the registries of packages; what builds an image has to know it too. */
const reaching =
  /^(node_extra_ca_certs|ssl_cert_file|pip_cert|pip_index_url|npm_config_registry|(https?|no)_proxy)$/iu;

/** Builds the project's Dockerfiles with Debian's buildah, in a store of its own that is gone afterwards. */
export interface Builder extends AsyncDisposable {
  build(dockerfile: string, image: string, values?: Readonly<Record<string, string>>): Promise<void>;
  /** Resolves to what buildah printed; rejects with what it wrote to stderr when it fails. */
  buildah(...words: readonly string[]): Promise<string>;
  /** A container of the image; its files are in `directory`. */
  open(image: string): Promise<{ readonly name: string; readonly directory: string }>;
  readonly directory: string;
}

export async function startBuilder(): Promise<Builder> {
  const directory = await mkdtemp(path.join(tmpdir(), "retrain-buildah-"));
  const store = [
    "--root",
    path.join(directory, "store"),
    "--runroot",
    path.join(directory, "run"),
    "--storage-driver",
    "vfs",
  ];
  const buildah = async (...words: readonly string[]): Promise<string> =>
    (await promisify(execFile)("buildah", [...store, ...words], { maxBuffer: 64 * 2 ** 20 })).stdout.trim();
  const builder: Builder = {
    directory,
    buildah,
    build: async (dockerfile, image, values = {}) => {
      const options = Object.entries({ NODE_IMAGE: baseImage, ...values }).flatMap(([name, value]) => [
        "--build-arg",
        `${name}=${value}`,
      ]);
      const quiet = [
        "--isolation",
        "chroot",
        "--pull-never",
        "--tag",
        image,
        "--file",
        path.join(project, dockerfile),
      ];
      await buildah("build", ...quiet, ...options, project);
    },
    open: async (image) => {
      const name = await buildah("from", "--pull-never", image);
      return { name, directory: await buildah("mount", name) };
    },
    [Symbol.asyncDispose]: async () => {
      await buildah("rm", "--all");
      await rm(directory, { recursive: true, force: true });
    },
  };
  try {
    await makeBase(buildah);
    return builder;
  } catch (error) {
    await builder[Symbol.asyncDispose]();
    throw error;
  }
}

/** Stands in for node:24-bookworm-slim, which no registry gives here: Debian's packages, and this machine's Node and npm. */
async function makeBase(buildah: Builder["buildah"]): Promise<void> {
  const name = await buildah("from", "scratch");
  await buildah("add", "--quiet", name, await rootDirectory(), "/");
  const known = Object.entries(process.env).filter(([key]) => reaching.test(key));
  const env = known.flatMap(([key, value = ""]) => ["--env", `${key}=${value}`]);
  await buildah(
    "config",
    ...env,
    "--env",
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    name,
  );
  await buildah("commit", "--quiet", "--rm", name, baseImage);
}

async function rootDirectory(): Promise<string> {
  const cache = new DirectoryCache(path.join(cacheDirectory(process.env, homedir()), "images"));
  const directory = await cache.get(`base-bookworm-node-${process.version}`, async (work) => {
    const root = path.join(work, "root");
    await run(
      "debootstrap",
      ["--variant=minbase", "--include=ca-certificates,libstdc++6", "bookworm", root],
      () => undefined,
    );
    await addNode(root);
    await cp(authorities, path.join(root, authorities));
  });
  return path.join(directory, "root");
}

/** As the official image has it: node and npm below /usr/local. */
async function addNode(root: string): Promise<void> {
  const local = path.join(root, "usr", "local");
  const npm = path.join(await npmDirectory(), "..");
  await mkdir(path.join(local, "lib", "node_modules"), { recursive: true });
  await cp(process.execPath, path.join(local, "bin", "node"));
  await cp(npm, path.join(local, "lib", "node_modules", "npm"), { recursive: true });
  await symlink("../lib/node_modules/npm/bin/npm-cli.js", path.join(local, "bin", "npm"));
}

/** The directory of npm's program. */
async function npmDirectory(): Promise<string> {
  const { stdout } = await promisify(execFile)("sh", ["-c", 'dirname "$(readlink -f "$(command -v npm)")"']);
  return stdout.trim();
}
