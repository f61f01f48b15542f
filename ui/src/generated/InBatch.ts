// Provisional: as the Rust side names it.

export type InBatch = {
id: string,
file_sha256: string,
written: string,
person_name: string,
device: string,
};
