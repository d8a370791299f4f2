import type { INodeProperties } from 'n8n-workflow';

const show = { resource: ['access'], operation: ['get', 'remove', 'suspend', 'sync'] };

/** Whether the plan is entered in this node or comes from Tier Plan → Get. */
export const planSourceFields: INodeProperties[] = [
	{
		displayName: 'Plan From',
		name: 'planFrom',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'This Node',
				value: 'node',
				description: 'Enter the tier plan below',
			},
			{
				name: 'Input',
				value: 'input',
				description: 'Use a tier plan that Tier Plan → Get has output',
			},
		],
		default: 'node',
		displayOptions: { show },
	},
	{
		displayName: 'Tier Plan',
		name: 'tierPlan',
		type: 'json',
		default: '',
		placeholder: "e.g. {{ $('Get Tier Plan').first().json.tier_plan }}",
		displayOptions: { show: { ...show, planFrom: ['input'] } },
		description:
			'The output "tier_plan" of Tier Plan → Get, with the settings in it. The same plan is used for all items.',
	},
];
