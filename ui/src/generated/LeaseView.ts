// Provisional: as the Rust side names it.

export type LeaseView = {
id: string | null,
holder: string | null,
holder_name: string,
device: string,
mine: boolean,
until: string,
rivals: Array<string>,
i_may_take: boolean,
why_not: string,
};
