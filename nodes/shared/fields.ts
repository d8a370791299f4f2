import type { INodeProperties } from 'n8n-workflow';

type More = Partial<Omit<INodeProperties, 'displayName' | 'name' | 'type'>>;

/** Makes fields of one type; `more` adds to what all of them have. */
const fieldOf =
	(type: INodeProperties['type'], otherwise: INodeProperties['default']) =>
	(displayName: string, name: string, description?: string, more: More = {}): INodeProperties => ({
		displayName,
		name,
		type,
		default: otherwise,
		...(description ? { description } : {}),
		...more,
	});

export const textField = fieldOf('string', '');
export const numberField = fieldOf('number', 0);
export const flagField = fieldOf('boolean', false);
/** A key or secret, which must be given. */
export const secretField: typeof textField = (displayName, name, description, more) =>
	textField(displayName, name, description, {
		typeOptions: { password: true },
		required: true,
		...more,
	});
/** A list of objects, of JSON, or of another node's items (see `objectsAt`). */
export const listField = fieldOf('json', '[]');
export const objectField = fieldOf('json', '{}');

export const noticeField = (name: string, displayName: string): INodeProperties => ({
	displayName,
	name,
	type: 'notice',
	default: '',
});

/** Options that are added one by one. */
export const optionsField = (
	displayName: string,
	name: string,
	options: INodeProperties[],
): INodeProperties => ({
	displayName,
	name,
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	options,
});

/** Shows fields for these operations of a resource only. */
export const shownFor = (
	resource: string,
	operation: string[],
	fields: INodeProperties[],
): INodeProperties[] =>
	fields.map(({ displayOptions = {}, ...field }) => ({
		...field,
		displayOptions: {
			...displayOptions,
			show: { resource: [resource], operation, ...displayOptions.show },
		},
	}));
