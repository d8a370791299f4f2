import type { Entitlement } from '../entitlement/entitlement';
import type { Result } from './result';

/** What a sync of one customer would do; in brief, little of those without changes. */
export interface PreviewItem extends Partial<Omit<Result, 'outcome'>> {
	customer: string;
	customer_id: string | null;
	customer_email: string | null;
	outcome: Result['outcome'] | 'failed';
	/** They have a subuser on one of the plan's servers now. */
	has_access: boolean;
	entitlement?: Entitlement;
	/** Only if it failed. */
	error?: string;
	advice?: string;
}

const head = ({ customer, customer_id, customer_email }: Entitlement) => ({
	customer,
	customer_id,
	customer_email,
});

/** @param brief says no more than necessary of customers without changes */
export function previewOf(entitlement: Entitlement, result: Result, brief: boolean): PreviewItem {
	const { outcome, had } = result;
	const item = { ...head(entitlement), outcome, has_access: had.length > 0 };
	if (brief && outcome === 'unchanged') return item;
	return { ...result, ...item, ...(brief ? {} : { entitlement }) };
}

export const failedPreview = (
	entitlement: Entitlement,
	{ message, advice }: { message: string; advice: string },
	brief: boolean,
): PreviewItem => ({
	...head(entitlement),
	outcome: 'failed',
	has_access: false,
	error: message,
	advice,
	...(brief ? {} : { entitlement }),
});
