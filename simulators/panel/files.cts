import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (...path: string[]): string => readFileSync(join(__dirname, ...path), 'utf8');

export interface EggSeed {
	nest: Record<string, unknown> & { id: number };
	egg: Record<string, unknown> & { id: number };
	variables: Array<{
		name: string;
		description: string;
		env_variable: string;
		default_value: string;
		rules: string;
		is_editable: boolean;
	}>;
}

/** Nest, egg and visible variables of [205, 344]. */
export const eggSeed = JSON.parse(read('seed', 'egg.json')) as EggSeed;

/** GROUP → description and KEY → text, of [302]. */
export const permissionSeed = JSON.parse(read('seed', 'permissions.json')) as Record<
	string,
	{ description: string; keys: Record<string, string> }
>;

/** The permissions that [pelican 301] lists, as in the panel's `SubuserPermission.php`. */
export const pelicanPermissions = JSON.parse(read('seed', 'pelican-permissions.json')) as string[];

/** The page of [522] with `{{status}}`, `{{title}}` and `{{message}}`. */
export const errorPageText = read('seed', 'error-page.txt');

/** TIMINGS.json as recorded. */
export const timings = JSON.parse(
	read('..', '..', 'test', 'recordings', 'panel', 'TIMINGS.json'),
) as { rows: Array<{ call: string; median_ms: number }> };
