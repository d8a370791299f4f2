/** Which version of Paymenter's Admin API has what, as a comparison of its tags shows. */
export interface Features {
	/** 1.3.2: `message` instead of `error` for refused keys. */
	saysMessage: boolean;
	/** 1.4.0: services show their status, users their `meta.properties`, orders their user. */
	serviceStatus: boolean;
	/** 1.5.0: the product's slug, properties of a service. */
	products: boolean;
	/** 1.5.3: includes need the permission to see what they include. */
	includePermissions: boolean;
}

export const newest = '1.5.8';

const numbers = (version: string): number[] => version.replace(/^v/, '').split('.').map(Number);

const isVersion = (version: string): boolean => /^v?\d+\.\d+\.\d+$/.test(version);

function isAtLeast(version: string, wanted: string): boolean {
	const [given, least] = [numbers(version), numbers(wanted)];
	const at = given.findIndex((part, index) => part !== least[index]);
	return at === -1 || (given[at] ?? 0) > (least[at] ?? 0);
}

export function featuresOf(version: string): Features {
	if (!isVersion(version) || !isAtLeast(version, '1.2.0')) {
		throw new Error(`"${version}" is no version with an Admin API: it came with 1.2.0`);
	}
	const since = (wanted: string): boolean => isAtLeast(version, wanted);
	return {
		saysMessage: since('1.3.2'),
		serviceStatus: since('1.4.0'),
		products: since('1.5.0'),
		includePermissions: since('1.5.3'),
	};
}
