export type Change = { time: string, device: string, own: boolean, verified: boolean, document: string, object: string };
