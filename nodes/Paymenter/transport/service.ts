import type { Service } from '../../../domain/reconcile/service';
import { STATUSES, isOneOf } from '../../../domain/events/event';
import { cleanText, type CustomerProperties } from '../../../domain/events/customerProperties';
import { trimInvisible } from '../../../domain/text';
import { plusDays } from '../../../domain/dates';
import { ApiError } from '../../shared/api';
import { tooOld } from './errors';

export interface Resource {
	id: string;
	type: string;
	attributes: Record<string, unknown>;
	relationships?: Record<string, { data?: { id: string; type: string } | null }>;
	meta?: { properties?: Record<string, unknown> };
}

/**
 * Reads one service with its included user and product [18, 184]. The API truncates `expires_at` to
 * midnight, so only the date is known. Throws `ApiError` if a version returns less.
 */
export function readService(
	{ id, attributes, relationships }: Resource,
	included: Resource[],
): Service {
	const related = (name: string, type: string): Record<string, unknown> | null => {
		const link = relationships?.[name]?.data;
		const found = included.find((one) => one.type === type && one.id === link?.id);
		return link && found ? { ...found.attributes, id: link.id } : null;
	};
	const { status } = attributes;
	if (status === undefined) throw tooOld('the status of a service', '1.5');
	if (typeof status !== 'string' || !isOneOf(STATUSES, status)) {
		throw new ApiError(
			`Service ${id} has an unknown status: ${JSON.stringify(status)}`,
			'Update n8n-nodes-paymenter-pterodactyl.',
		);
	}
	const user = related('user', 'users');
	const product = related('product', 'products');
	if (product && product.slug === undefined) throw tooOld('the slug of a product', '1.5');
	const name = [text(user?.first_name), text(user?.last_name)].filter(Boolean).join(' ');
	return {
		subscription_id: id,
		customer_id: user ? String(user.id) : null,
		customer_email: text(user?.email)?.toLowerCase() ?? null,
		customer_name: name || null,
		product_id: text(product?.slug),
		product_name: text(product?.name),
		status,
		paid_until: dateOf(id, 'expires_at', attributes),
		paid_day_ends_at: endOfDay(attributes.expires_at),
		...('suspend_hold_until' in attributes
			? { hold_until: dateOf(id, 'suspend_hold_until', attributes) }
			: {}),
		price: text(attributes.price),
		currency_code: text(attributes.currency_code),
		quantity: Number(attributes.quantity ?? 1),
		created_at: text(attributes.created_at),
		updated_at: text(attributes.updated_at),
	};
}

/** The custom properties of a user [92]; without any, the map is an empty list. */
export function readCustomerProperties({ meta }: Resource): CustomerProperties {
	const entries = Object.entries(meta?.properties ?? {});
	return Object.fromEntries(
		entries.map(([key, value]) => [key, cleanText(String(value ?? '')).slice(0, 255) || null]),
	);
}

function text(value: unknown): string | null {
	return trimInvisible(String(value ?? '')) || null;
}

function dateOf(id: string, name: string, attributes: Resource['attributes']): string | null {
	const value = attributes[name] ?? null;
	if (value === null) return null;
	const at = new Date(String(value));
	if (!Number.isNaN(at.getTime())) return at.toISOString().slice(0, 10);
	throw new ApiError(
		`Service ${id} has an invalid date in ${name}: ${JSON.stringify(value)}`,
		'Correct it in Paymenter.',
	);
}

/** The API returns a date as midnight in the shop's time zone, so the day ends 24 hours later. */
function endOfDay(midnight: unknown): string | null {
	return typeof midnight === 'string' ? plusDays(new Date(midnight).toISOString(), 1) : null;
}
