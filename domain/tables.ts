/** The columns of the Data Tables and their types. Setup creates the tables; Check Setup compares them. */
export const TABLES = {
	paymenter_events: {
		event_id: 'string',
		event: 'string',
		occurred_at: 'date',
		state_at: 'date',
		received_at: 'date',
		subscription_id: 'string',
		customer_id: 'string',
		customer_email: 'string',
		customer_name: 'string',
		previous_email: 'string',
		previous_customer_id: 'string',
		product_id: 'string',
		tier: 'string',
		status: 'string',
		paid_until: 'string',
		is_overdue: 'boolean',
		ends_at: 'string',
		hold_until: 'string',
		/** Texts by key, as JSON. */
		customer_properties: 'string',
		source: 'string',
		override_until: 'string',
		reason: 'string',
		actor: 'string',
		/** For `restore.requested`: permissions by server uuid, as JSON. */
		recorded: 'string',
		/** Events are processed in this order: `0 <received at>`, or `1 <received at>` for bulk work. */
		queue: 'string',
		/** The round that is working on the event: execution id and time. */
		round: 'string',
		processed_at: 'date',
		/** Why the event could not be used. */
		rejected: 'string',
	},
	paymenter_customers: {
		customer: 'string',
		customer_id: 'string',
		customer_email: 'string',
		customer_name: 'string',
		state: 'string',
		tiers: 'string',
		why: 'string',
		next_change_at: 'date',
		granted: 'string',
		account: 'string',
		account_id: 'number',
		last_run_at: 'date',
		last_result: 'string',
		last_error: 'string',
		what_to_do: 'string',
		needs_attention: 'boolean',
		failures: 'number',
		failing_since: 'date',
		retry_at: 'date',
		recheck_at: 'date',
		due_at: 'date',
		waiting_since: 'date',
		/** What the loss guard holds back. */
		held_changes: 'string',
		/** As billing sends them, such as the player's name: texts by key, as JSON. */
		customer_properties: 'string',
		/** When access ends if nothing more is paid; empty: never, or there is none. */
		access_until: 'date',
		/** Whether everything stays as it is: an operator wants it, or an event cannot be read. */
		on_hold: 'boolean',
		/** When something that Access Changed announces last changed. */
		changed_at: 'date',
		/** The term of the lease under which the row was last written. */
		term: 'number',
		execution_url: 'string',
	},
	paymenter_provisioning_log: {
		customer: 'string',
		customer_email: 'string',
		what: 'string',
		server: 'string',
		server_id: 'string',
		before: 'string',
		after: 'string',
		tiers: 'string',
		why: 'string',
		what_to_do: 'string',
		cause: 'string',
		at: 'date',
		execution_url: 'string',
	},
	paymenter_perks: {
		customer: 'string',
		customer_email: 'string',
		/** The player's name that was looked up last, and what was found for it. */
		player: 'string',
		player_uuid: 'string',
		discord_id: 'string',
		/** What was known of the customer in the last run, and what all steps have finished: as JSON. */
		facts: 'string',
		announced: 'string',
		/** LuckPerms groups by player UUID, and ids of roles by Discord id: what we gave, as JSON. */
		granted_ranks: 'string',
		granted_roles: 'string',
		/** Another customer has the player or the Discord id. */
		is_refused: 'boolean',
		/** The state that the customer was last told, and when the next warning is due. */
		warned: 'string',
		warn_at: 'date',
		result: 'string',
		what_to_do: 'string',
		needs_attention: 'boolean',
		failures: 'number',
		failing_since: 'date',
		retry_at: 'date',
		execution_url: 'string',
	},
	paymenter_lease: {
		name: 'string',
		/** The execution that holds the lease; empty: nobody. */
		holder: 'string',
		/** Grows by one with every holder. */
		term: 'number',
		expires_at: 'date',
		/** When a holder last took over from one that had not released the lease. */
		taken_over_at: 'date',
		/** Not empty: an event has started Apply Access, which has not acquired the lease yet. */
		starting: 'string',
		/** Access Changed only: when its last complete run began, and when something is to be tried again. */
		last_run_at: 'date',
		due_at: 'date',
	},
} as const;

export type TableName = keyof typeof TABLES;

interface Values {
	string: string;
	number: number;
	boolean: boolean;
	date: string;
}

/** A row as it was read: a column may be empty, and where there is no row, all are missing. */
export type ReadRow<Name extends TableName> = { id?: number } & {
	[Column in keyof (typeof TABLES)[Name]]?:
		Values[(typeof TABLES)[Name][Column] & keyof Values] | null;
};
