// Provisional: as the Rust side names it.

export type BatchLine = {
expense: string,
payee_name: string,
iban: string,
amount: string,
remittance: string,
end_to_end_id: string,
};
