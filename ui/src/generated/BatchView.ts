// Provisional: as the Rust side names it.

export type BatchView = {
id: string,
message_id: string,
total: string,
count: number,
written: string,
person_name: string,
file_sha256: string,
execute_on: string | null,
withdrawn: boolean,
format: string,
channel: string,
expenses: Array<string>,
};
