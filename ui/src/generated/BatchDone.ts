// Provisional: as the Rust side names it.

export type BatchDone = {
id: string,
message_id: string,
file: string,
file_sha256: string,
total: string,
count: number,
execute_on: string,
sentence: string,
};
