/** Values of postgresql.conf by name. */
export type Settings = Readonly<Record<string, string | number>>;

/**
 * For data that can be made again: nothing waits for the disk, one writer loads millions of rows, and the plans
 * are those of an ordinary server. No Unix socket: its path may be too long, and nobody would use it.
 */
export const demoSettings: Settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: 50,
  shared_buffers: "128MB",
  work_mem: "32MB",
  maintenance_work_mem: "128MB",
  effective_cache_size: "1GB",
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  wal_level: "minimal",
  max_wal_senders: 0,
  max_wal_size: "2GB",
  checkpoint_timeout: "30min",
  jit: "off",
  timezone: "UTC",
};

/** The lines to append to postgresql.conf; the last value of a name wins there. */
export function configuration(settings: Settings): string {
  const line = ([name, value]: [string, string | number]) =>
    `${name} = '${String(value).replaceAll("'", "''")}'\n`;
  return Object.entries(settings).map(line).join("");
}
