import type { Entitlement } from '../entitlement/entitlement';
import type { Result } from './result';

interface Failed {
	outcome: 'failed';
	error: string;
	advice: string;
}

/** What a sync of one customer would do; in brief, little of those without changes. */
export interface PreviewItem
	extends Partial<Omit<Result, 'outcome'>>, Partial<Omit<Failed, 'outcome'>> {
	customer: string;
	customer_id: string | null;
	customer_email: string | null;
	outcome: (Result | Failed)['outcome'];
	/** They have a subuser on one of the plan's servers now. */
	has_access: boolean;
	entitlement?: Entitlement;
}

/** @param brief says no more than necessary of customers without changes */
export function previewOf(
	entitlement: Entitlement,
	result: Result | Failed,
	brief: boolean,
): PreviewItem {
	const { customer, customer_id, customer_email } = entitlement;
	const { outcome } = result;
	const has_access = outcome !== 'failed' && result.had.length > 0;
	const item = { customer, customer_id, customer_email, outcome, has_access };
	if (brief && outcome === 'unchanged') return item;
	return { ...result, ...item, ...(brief ? {} : { entitlement }) };
}
