// Generated from src/routes/openapi/ and src/errors.ts by "npm run generate". Do not edit.
export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List withdrawals by page, with filters, or download them */
        get: operations["findWithdrawals"];
        put?: never;
        /**
         * Create a withdrawal
         * @description Locks the amount and has it paid out. Answers when that has ended, or would not end soon: the work then goes on. Send an `Idempotency-Key`, and repeat with the same one until there is an answer: it stays one withdrawal.
         */
        post: operations["createWithdrawal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look at a withdrawal */
        get: operations["getWithdrawal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give the balance back while nothing was sent
         * @description Twice is once. Takes no body.
         */
        post: operations["cancelWithdrawal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether this instance can do its work
         * @description Operators are also told `details`.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List withdrawals by offset, for tables */
        get: operations["listWithdrawals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is counted and what stands now, for Prometheus
         * @description With the setting `metricsToken` or an operator’s token.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["getDescription"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a form needs, per currency that can be withdrawn
         * @description For the user who asks: one request fills the page.
         */
        get: operations["getOptions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a withdrawal would cost and bring, as it would be accepted now
         * @description Nothing is stored or locked.
         */
        get: operations["getQuote"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Where a provider sends its events */
        post: operations["receiveEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{provider}/{secret}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The same where a host has parsed the body before
         * @description `secret` is the setting `webhookSecret`.
         */
        post: operations["receiveEventBySecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description Letters and digits, with spaces or without.
         * @example DE89370400440532013000
         */
        AccountIdentifier: string;
        CurrencyOptions: {
            /** @description The user’s, that this currency goes to. */
            accounts: components["schemas"]["StoredAccount"][];
            /** @description What the user can spend. */
            available: number;
            currency: string;
            /**
             * @description `stored`: money goes to verified accounts only.
             * @enum {string}
             */
            destinations: "any" | "stored";
            /** @description What is left of the user’s own. */
            limits: components["schemas"]["LimitLeft"][];
            methods: components["schemas"]["MethodOptions"][];
            name: string;
            /** @description Where the first withdrawal to an account waits: how long. */
            new_account_waits_hours?: number;
            /** @description Whether `otp_code` is asked for. */
            otp_required: boolean;
            /** @description While everything is stopped: the sentence to show to users. */
            stopped?: string;
        };
        /** @description Every error, from every route. */
        Error: {
            /**
             * @description Stable; see docs/errors.md.
             * @enum {string}
             */
            code: "invalid_request" | "list_too_long" | "invalid_json" | "unknown_field" | "evidence_required" | "invalid_policy" | "invalid_amount" | "amount_out_of_range" | "unsupported_currency" | "invalid_method" | "missing_paypal_id" | "missing_bank_fields" | "destination_refused" | "destination_quarantined" | "bank_account_not_found" | "bank_account_not_verified" | "insufficient_balance" | "withdrawal_refused" | "otp_required" | "otp_invalid" | "invalid_idempotency_key" | "unauthorized" | "forbidden" | "own_withdrawal" | "own_proposal" | "user_not_found" | "withdrawal_not_found" | "provider_not_found" | "batch_not_found" | "file_not_found" | "difference_not_found" | "endpoint_not_found" | "delivery_not_found" | "reconciliation_not_found" | "quarantine_not_found" | "code_lock_not_found" | "approval_not_found" | "policy_not_found" | "route_not_found" | "body_too_slow" | "idempotency_key_in_use" | "too_many_open_withdrawals" | "limit_reached" | "not_cancelable" | "action_not_possible" | "changed_meanwhile" | "already_proposed" | "already_decided" | "withdrawals_stopped" | "body_too_large" | "unsupported_media_type" | "idempotency_key_reused" | "settings_not_working" | "endpoint_refused" | "too_many_requests" | "otp_locked" | "user_lookup_failed" | "create_failed" | "list_failed" | "internal_error" | "lists_busy" | "not_ready" | "exchange_unavailable";
            /** @description Single fields, where it is about some. */
            errors?: {
                location?: string;
                msg: string;
                path?: string;
                /** @enum {string} */
                type: "field" | "unknown_fields";
            }[];
            /** @description Fit to show to a person. */
            message: string;
            request_id: string;
        };
        IotaapWithdrawal: {
            /** @constant */
            __v: 0;
            _id: string;
            amount: number;
            bank?: string;
            completed: boolean;
            /** Format: date-time */
            created_at: string;
            iban?: string;
            /** @enum {string} */
            method: "BANK" | "PAYPAL";
            owner: number;
            paypal_id?: string;
            /** @enum {string} */
            status: "pending" | "processed" | "canceled";
            swift?: string;
        };
        LimitLeft: {
            amount: number | null;
            amount_left: number | null;
            count: number | null;
            count_left: number | null;
            /** @enum {string} */
            per: "day" | "month";
            /** Format: date-time */
            resets_at: string;
        };
        /** @description One line of text, as it may travel to a bank. */
        Line: string;
        MethodOptions: {
            /**
             * Format: date-time
             * @description Until when the money of a request made now comes.
             */
            arrives_by: string;
            /**
             * Format: date-time
             * @description Where the account is a new one, that waits.
             */
            arrives_by_if_new?: string;
            decimals: number;
            expected_seconds: number;
            fee: number;
            /** @enum {string} */
            fee_mode: "on_top" | "deducted";
            increment: number | null;
            max: number | null;
            /** @enum {string} */
            method: "BANK" | "PAYPAL";
            min: number | null;
            /** @enum {string} */
            mode: "immediate" | "batch";
            provider: string;
            required_fields: string[];
            /** @description The cron expression of the next batches, where there are batches. */
            schedule: string | null;
        };
        /**
         * @description The same as left out.
         * @enum {unknown}
         */
        Nothing: "" | null;
        Quote: {
            amount: number;
            /**
             * Format: date-time
             * @description Until when the money of a request made now comes.
             */
            arrives_by: string;
            /**
             * Format: date-time
             * @description Where the account is a new one, that waits.
             */
            arrives_by_if_new?: string;
            currency: string;
            fee: number;
            /** @enum {string} */
            fee_mode: "on_top" | "deducted";
            /** @description What the user can spend less of. */
            leaves_balance: number;
            /** @enum {string} */
            method: "BANK" | "PAYPAL";
            /** @description What the beneficiary gets. */
            payout_amount: number;
        };
        StoredAccount: {
            /** @description Masked. */
            account: string;
            account_holder?: string;
            bank?: string;
            country?: string;
            /** @description To send as `bank_id`. */
            id: string;
            /** @enum {string} */
            method: "BANK" | "PAYPAL";
            verified: boolean;
        };
        TimelineStep: {
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            reason_code?: "account_closed" | "account_not_found" | "account_blocked" | "name_mismatch" | "invalid_identifier" | "currency_not_supported" | "amount_too_small" | "amount_too_large" | "receiver_unverified" | "receiver_refused" | "expired_unclaimed" | "duplicate_business" | "compliance" | "provider_declined" | "insufficient_balance" | "hold_refused" | "canceled_by_user" | "canceled_at_exchange" | "refused_by_exchange" | "canceled_by_operator" | "insufficient_float" | "rate_limited" | "provider_unavailable" | "provider_paused" | "stopped" | "batch_refused" | "cut_off" | "confirming" | "exchange_unavailable" | "code_not_checked" | "under_review" | "held_by_exchange" | "destination_unreadable" | "held_by_operator" | "above_ceiling" | "limit_reached" | "cooling_off" | "row_changed" | "hold_changed" | "hold_missing" | "hold_mismatch" | "paid_but_released" | "released_but_settled" | "amount_mismatch" | "unresolved" | "refused_alone" | "vanished" | "credit_refused" | "credit_mismatch" | "paid_under_retired_key" | "duplicate_reference" | "row_lost";
            /** @enum {string} */
            stage: "queued" | "under_review" | "sending" | "with_bank" | "confirming" | "completing" | "canceling" | "completed" | "canceled" | "returning" | "returned" | "being_checked";
        };
        Withdrawal: {
            account_holder?: string;
            /** @description What was asked for. */
            amount: number;
            bank?: string;
            /** @description Whether it could be canceled now. */
            cancelable: boolean;
            /** @description Whether `status` is `processed`. */
            completed: boolean;
            /** Format: date-time */
            created_at: string;
            currency: string;
            /**
             * Format: date-time
             * @description While pending: when the money usually arrives.
             */
            eta?: string;
            /** @description The exchange’s. */
            fee: number;
            /** @description As its owner gave it; masked where the key it was sealed with is gone. */
            iban?: string;
            id: string;
            /** @enum {string} */
            method: "BANK" | "PAYPAL";
            /** @description What the beneficiary gets, where the fee is taken off the amount. */
            payout_amount?: number;
            paypal_id?: string;
            provider: string;
            /** @description The bank’s reference of the executed payment. */
            provider_transaction_id?: string;
            /** @description The same for people. */
            reason?: string;
            /**
             * @description Why it waits or ended, for machines.
             * @enum {string}
             */
            reason_code?: "account_closed" | "account_not_found" | "account_blocked" | "name_mismatch" | "invalid_identifier" | "currency_not_supported" | "amount_too_small" | "amount_too_large" | "receiver_unverified" | "receiver_refused" | "expired_unclaimed" | "duplicate_business" | "compliance" | "provider_declined" | "insufficient_balance" | "hold_refused" | "canceled_by_user" | "canceled_at_exchange" | "refused_by_exchange" | "canceled_by_operator" | "insufficient_float" | "rate_limited" | "provider_unavailable" | "provider_paused" | "stopped" | "batch_refused" | "cut_off" | "confirming" | "exchange_unavailable" | "code_not_checked" | "under_review" | "held_by_exchange" | "destination_unreadable" | "held_by_operator" | "above_ceiling" | "limit_reached" | "cooling_off" | "row_changed" | "hold_changed" | "hold_missing" | "hold_mismatch" | "paid_but_released" | "released_but_settled" | "amount_mismatch" | "unresolved" | "refused_alone" | "vanished" | "credit_refused" | "credit_mismatch" | "paid_under_retired_key" | "duplicate_reference" | "row_lost";
            /**
             * @description The finer word for people.
             * @enum {string}
             */
            stage: "queued" | "under_review" | "sending" | "with_bank" | "confirming" | "completing" | "canceling" | "completed" | "canceled" | "returning" | "returned" | "being_checked";
            /**
             * @description `processed`: paid. `canceled`: not paid, or returned; the balance is the user’s again.
             * @enum {string}
             */
            status: "pending" | "processed" | "canceled";
            swift?: string;
            /** @description The burn at the exchange; once processed, the id it got when it was settled. */
            transaction_id: string;
            /** Format: date-time */
            updated_at: string;
        };
        WithdrawalWithTimeline: components["schemas"]["Withdrawal"] & {
            timeline: components["schemas"]["TimelineStep"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The request’s own, if it was harmless, else a new one. */
        RequestId: string;
        /** @description In so many seconds. */
        RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    findWithdrawals: {
        parameters: {
            query?: {
                currency?: string;
                end_date?: string;
                format?: "csv";
                limit?: number;
                order?: "asc" | "desc";
                order_by?: "created_at" | "updated_at" | "amount" | "currency" | "status" | "id";
                page?: number;
                start_date?: string;
                status?: "pending" | "processed" | "canceled";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `count` is of all pages, exact up to 10,000. With `format=csv` a file of all pages. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        count: number;
                        data: components["schemas"]["Withdrawal"][];
                        /** @description Whether there are more than the counts say. */
                        more: boolean;
                    };
                    "text/csv": string;
                };
            };
            /** @description `invalid_request`, `list_too_long` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request" | "list_too_long";
                    };
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `too_many_requests` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "too_many_requests";
                    };
                };
            };
            /** @description `list_failed`, `internal_error` */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "list_failed" | "internal_error";
                    };
                };
            };
            /** @description `not_ready`, `lists_busy` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "not_ready" | "lists_busy";
                    };
                };
            };
        };
    };
    createWithdrawal: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description A decimal string, or a number of at most 15 significant digits. More decimals than the currency has are refused, never rounded.
                     * @example 25.00
                     */
                    amount: string | number;
                    bank?: components["schemas"]["Nothing"];
                    /** @description An account at hand. What else than `iban` the provider needs, `GET /options` lists. */
                    bank_account: {
                        account_holder?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        account_number?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        bank?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        building?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        country?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        iban: components["schemas"]["AccountIdentifier"];
                        postcode?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        routing_number?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        sort_code?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        street?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        swift?: components["schemas"]["AccountIdentifier"] | components["schemas"]["Nothing"];
                        town?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                    };
                    bank_id?: components["schemas"]["Nothing"];
                    /**
                     * @description The exchange’s symbol, in any case.
                     * @example eur
                     */
                    currency: string;
                    iban?: components["schemas"]["Nothing"];
                    /**
                     * @description May be left out where the destination tells.
                     * @enum {unknown}
                     */
                    method?: "BANK" | "" | null;
                    /** @description Where the user has one-time codes on; one code lets one withdrawal pass. */
                    otp_code?: string | null;
                    paypal_id?: components["schemas"]["Nothing"];
                    swift?: components["schemas"]["Nothing"];
                } | {
                    /**
                     * @description A decimal string, or a number of at most 15 significant digits. More decimals than the currency has are refused, never rounded.
                     * @example 25.00
                     */
                    amount: string | number;
                    bank?: components["schemas"]["Nothing"];
                    /** @description The id of an account that is stored and verified at the exchange. */
                    bank_account: string | number;
                    bank_id?: components["schemas"]["Nothing"];
                    /**
                     * @description The exchange’s symbol, in any case.
                     * @example eur
                     */
                    currency: string;
                    iban?: components["schemas"]["Nothing"];
                    /**
                     * @description May be left out where the destination tells.
                     * @enum {unknown}
                     */
                    method?: "BANK" | "PAYPAL" | "" | null;
                    /** @description Where the user has one-time codes on; one code lets one withdrawal pass. */
                    otp_code?: string | null;
                    paypal_id?: components["schemas"]["Nothing"];
                    swift?: components["schemas"]["Nothing"];
                } | {
                    /**
                     * @description A decimal string, or a number of at most 15 significant digits. More decimals than the currency has are refused, never rounded.
                     * @example 25.00
                     */
                    amount: string | number;
                    bank?: components["schemas"]["Nothing"];
                    bank_account?: components["schemas"]["Nothing"];
                    /** @description The id of an account that is stored and verified at the exchange. */
                    bank_id: string | number;
                    /**
                     * @description The exchange’s symbol, in any case.
                     * @example eur
                     */
                    currency: string;
                    iban?: components["schemas"]["Nothing"];
                    /**
                     * @description May be left out where the destination tells.
                     * @enum {unknown}
                     */
                    method?: "BANK" | "PAYPAL" | "" | null;
                    /** @description Where the user has one-time codes on; one code lets one withdrawal pass. */
                    otp_code?: string | null;
                    paypal_id?: components["schemas"]["Nothing"];
                    swift?: components["schemas"]["Nothing"];
                } | {
                    /**
                     * @description A decimal string, or a number of at most 15 significant digits. More decimals than the currency has are refused, never rounded.
                     * @example 25.00
                     */
                    amount: string | number;
                    bank: components["schemas"]["Line"];
                    bank_account?: components["schemas"]["Nothing"];
                    bank_id?: components["schemas"]["Nothing"];
                    /**
                     * @description The exchange’s symbol, in any case.
                     * @example eur
                     */
                    currency: string;
                    iban: components["schemas"]["AccountIdentifier"];
                    /**
                     * @description May be left out where the destination tells.
                     * @enum {unknown}
                     */
                    method?: "BANK" | "" | null;
                    /** @description Where the user has one-time codes on; one code lets one withdrawal pass. */
                    otp_code?: string | null;
                    paypal_id?: components["schemas"]["Nothing"];
                    swift: components["schemas"]["AccountIdentifier"];
                } | {
                    /**
                     * @description A decimal string, or a number of at most 15 significant digits. More decimals than the currency has are refused, never rounded.
                     * @example 25.00
                     */
                    amount: string | number;
                    bank?: components["schemas"]["Nothing"];
                    bank_account?: components["schemas"]["Nothing"];
                    bank_id?: components["schemas"]["Nothing"];
                    /**
                     * @description The exchange’s symbol, in any case.
                     * @example eur
                     */
                    currency: string;
                    iban?: components["schemas"]["Nothing"];
                    /**
                     * @description May be left out where the destination tells.
                     * @enum {unknown}
                     */
                    method?: "PAYPAL" | "" | null;
                    /** @description Where the user has one-time codes on; one code lets one withdrawal pass. */
                    otp_code?: string | null;
                    paypal_id: string;
                    swift?: components["schemas"]["Nothing"];
                };
            };
        };
        responses: {
            /** @description It is stored and will end in an outcome; `status` says whether it has, and in which. */
            200: {
                headers: {
                    "Idempotency-Replayed"?: "true";
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Withdrawal"];
                };
            };
            /** @description `invalid_request`, `invalid_json`, `invalid_amount`, `amount_out_of_range`, `unsupported_currency`, `invalid_method`, `missing_paypal_id`, `missing_bank_fields`, `unknown_field`, `destination_refused`, `destination_quarantined`, `bank_account_not_found`, `bank_account_not_verified`, `insufficient_balance`, `withdrawal_refused`, `otp_required`, `otp_invalid`, `invalid_idempotency_key` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request" | "invalid_json" | "invalid_amount" | "amount_out_of_range" | "unsupported_currency" | "invalid_method" | "missing_paypal_id" | "missing_bank_fields" | "unknown_field" | "destination_refused" | "destination_quarantined" | "bank_account_not_found" | "bank_account_not_verified" | "insufficient_balance" | "withdrawal_refused" | "otp_required" | "otp_invalid" | "invalid_idempotency_key";
                    };
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `user_not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "user_not_found";
                    };
                };
            };
            /** @description `body_too_slow` */
            408: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "body_too_slow";
                    };
                };
            };
            /** @description `too_many_open_withdrawals`, `limit_reached`, `idempotency_key_in_use`, `withdrawals_stopped` */
            409: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "too_many_open_withdrawals" | "limit_reached" | "idempotency_key_in_use" | "withdrawals_stopped";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /** @description `idempotency_key_reused` */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "idempotency_key_reused";
                    };
                };
            };
            /** @description `too_many_requests`, `otp_locked` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "too_many_requests" | "otp_locked";
                    };
                };
            };
            /** @description `user_lookup_failed`, `create_failed`, `internal_error` */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "user_lookup_failed" | "create_failed" | "internal_error";
                    };
                };
            };
            /** @description `not_ready`, `exchange_unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "not_ready" | "exchange_unavailable";
                    };
                };
            };
        };
    };
    getWithdrawal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now, with each stage it went through. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithdrawalWithTimeline"];
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `withdrawal_not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "withdrawal_not_found";
                    };
                };
            };
            /** @description `too_many_requests` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "too_many_requests";
                    };
                };
            };
            /** @description `internal_error` */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "internal_error";
                    };
                };
            };
            /** @description `not_ready` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "not_ready";
                    };
                };
            };
        };
    };
    cancelWithdrawal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `canceled`, or `pending` while the exchange has not confirmed it. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Withdrawal"];
                };
            };
            /** @description `invalid_request`, `invalid_json` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request" | "invalid_json";
                    };
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `withdrawal_not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "withdrawal_not_found";
                    };
                };
            };
            /** @description `body_too_slow` */
            408: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "body_too_slow";
                    };
                };
            };
            /** @description `not_cancelable`, `changed_meanwhile` */
            409: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "not_cancelable" | "changed_meanwhile";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /** @description `too_many_requests` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "too_many_requests";
                    };
                };
            };
            /** @description `internal_error` */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "internal_error";
                    };
                };
            };
            /** @description `not_ready` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "not_ready";
                    };
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        degraded?: string[];
                        details?: string[];
                        live: boolean;
                        problems: string[];
                        ready: boolean;
                    };
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `internal_error` */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "internal_error";
                    };
                };
            };
            /** @description It cannot: `problems` say why. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        degraded?: string[];
                        details?: string[];
                        live: boolean;
                        problems: string[];
                        ready: boolean;
                    };
                };
            };
        };
    };
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        live: true;
                    };
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `internal_error` */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "internal_error";
                    };
                };
            };
        };
    };
    listWithdrawals: {
        parameters: {
            query?: {
                draw?: number;
                limit?: number;
                offset?: number;
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. The totals are exact up to 10,000. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        draw: number;
                        /** @description Whether there are more than the counts say. */
                        more: boolean;
                        recordsFiltered: number;
                        recordsTotal: number;
                        withdrawals: components["schemas"]["Withdrawal"][];
                    };
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `too_many_requests` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "too_many_requests";
                    };
                };
            };
            /** @description `list_failed`, `internal_error` */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "list_failed" | "internal_error";
                    };
                };
            };
            /** @description `not_ready`, `lists_busy` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "not_ready" | "lists_busy";
                    };
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its text format. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "unauthorized";
                    };
                };
            };
            /** @description `too_many_requests` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "too_many_requests";
                    };
                };
            };
            /** @description `internal_error` */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "internal_error";
                    };
                };
            };
        };
    };
    getDescription: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `too_many_requests` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "too_many_requests";
                    };
                };
            };
            /** @description `internal_error` */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "internal_error";
                    };
                };
            };
        };
    };
    getOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `min`, `max` and `decimals` are the tighter of the exchange’s and the provider’s. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurrencyOptions"][];
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `user_not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "user_not_found";
                    };
                };
            };
            /** @description `too_many_requests` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "too_many_requests";
                    };
                };
            };
            /** @description `user_lookup_failed`, `internal_error` */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "user_lookup_failed" | "internal_error";
                    };
                };
            };
            /** @description `not_ready`, `exchange_unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "not_ready" | "exchange_unavailable";
                    };
                };
            };
        };
    };
    getQuote: {
        parameters: {
            query: {
                amount: string;
                currency: string;
                method: "BANK" | "PAYPAL";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a person confirms. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Quote"];
                };
            };
            /** @description `invalid_request`, `invalid_amount`, `unsupported_currency`, `invalid_method`, `amount_out_of_range`, `insufficient_balance`, `withdrawal_refused` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request" | "invalid_amount" | "unsupported_currency" | "invalid_method" | "amount_out_of_range" | "insufficient_balance" | "withdrawal_refused";
                    };
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "unauthorized";
                    };
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `user_not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "user_not_found";
                    };
                };
            };
            /** @description `too_many_requests` */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "too_many_requests";
                    };
                };
            };
            /** @description `user_lookup_failed`, `internal_error` */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "user_lookup_failed" | "internal_error";
                    };
                };
            };
            /** @description `not_ready`, `exchange_unavailable` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "not_ready" | "exchange_unavailable";
                    };
                };
            };
        };
    };
    receiveEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        /** @description As the provider sends it, at most 256 kB: its signature is over the bytes. */
        requestBody: {
            content: {
                "*/*": unknown;
            };
        };
        responses: {
            /** @description Taken care of, whether it was known, new or of no use. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        received: true;
                    };
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "unauthorized";
                    };
                };
            };
            /** @description `route_not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "route_not_found";
                    };
                };
            };
            /** @description `body_too_slow` */
            408: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "body_too_slow";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `internal_error` */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "internal_error";
                    };
                };
            };
            /** @description `not_ready` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "not_ready";
                    };
                };
            };
        };
    };
    receiveEventBySecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
                secret: string;
            };
            cookie?: never;
        };
        /** @description As the provider sends it, at most 256 kB: its signature is over the bytes. */
        requestBody: {
            content: {
                "*/*": unknown;
            };
        };
        responses: {
            /** @description Taken care of, whether it was known, new or of no use. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        received: true;
                    };
                };
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request";
                    };
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "unauthorized";
                    };
                };
            };
            /** @description `route_not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "route_not_found";
                    };
                };
            };
            /** @description `body_too_slow` */
            408: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "body_too_slow";
                    };
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "body_too_large";
                    };
                };
            };
            /** @description `internal_error` */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "internal_error";
                    };
                };
            };
            /** @description `not_ready` */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "not_ready";
                    };
                };
            };
        };
    };
}

/** What each error code is answered with. */
export interface StatusByCode {
  invalid_request: 400
  list_too_long: 400
  invalid_json: 400
  unknown_field: 400
  evidence_required: 400
  invalid_policy: 400
  invalid_amount: 400
  amount_out_of_range: 400
  unsupported_currency: 400
  invalid_method: 400
  missing_paypal_id: 400
  missing_bank_fields: 400
  destination_refused: 400
  destination_quarantined: 400
  bank_account_not_found: 400
  bank_account_not_verified: 400
  insufficient_balance: 400
  withdrawal_refused: 400
  otp_required: 400
  otp_invalid: 400
  invalid_idempotency_key: 400
  unauthorized: 401
  forbidden: 403
  own_withdrawal: 403
  own_proposal: 403
  user_not_found: 404
  withdrawal_not_found: 404
  provider_not_found: 404
  batch_not_found: 404
  file_not_found: 404
  difference_not_found: 404
  endpoint_not_found: 404
  delivery_not_found: 404
  reconciliation_not_found: 404
  quarantine_not_found: 404
  code_lock_not_found: 404
  approval_not_found: 404
  policy_not_found: 404
  route_not_found: 404
  body_too_slow: 408
  idempotency_key_in_use: 409
  too_many_open_withdrawals: 409
  limit_reached: 409
  not_cancelable: 409
  action_not_possible: 409
  changed_meanwhile: 409
  already_proposed: 409
  already_decided: 409
  withdrawals_stopped: 409
  body_too_large: 413
  unsupported_media_type: 415
  idempotency_key_reused: 422
  settings_not_working: 422
  endpoint_refused: 422
  too_many_requests: 429
  otp_locked: 429
  user_lookup_failed: 500
  create_failed: 500
  list_failed: 500
  internal_error: 500
  lists_busy: 503
  not_ready: 503
  exchange_unavailable: 503
}
