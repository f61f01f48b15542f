export type Kind = "service" | "person" | "account" | "fund" | "transaction" | "price" | "import" | "page" | "withdrawal";
