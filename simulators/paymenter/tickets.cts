import type { Api, Call } from './call.cjs';
import { hasId, leadingNumber, stamps } from './call.cjs';
import { dropTicket } from './edits.cjs';
import type { Row, Ticket, TicketMessage } from './model.cjs';
import { insert } from './model.cjs';
import { ticketMessageResource, ticketResource } from './resources.cjs';
import { exists, field, longest, oneOf, text, validated } from './validation.cjs';
import { change } from './world.cjs';

const id = (row: Row): number => row.id;
/** Allowed, and in neither table. */
const currency_code = () => null;

/** `ticket_departments`, as Paymenter comes. */
const departments = ['Support', 'Sales'];

function ticketColumns({ world, input }: Call, some: string): Partial<Ticket> {
	const sent = validated(input, [
		field('subject', `${some}required`, text, longest(255)),
		field('user_id', `${some}required`, exists(hasId(world.tables.users))),
		field('department', `${some}nullable`, text, oneOf(departments)),
		field('priority', `${some}required`, text, oneOf(['low', 'medium', 'high'])),
		field('status', `${some}required`, text, oneOf(['open', 'closed', 'replied'])),
	]);
	return {
		...(sent as Partial<Ticket>),
		...('user_id' in sent ? { user_id: leadingNumber(sent.user_id) } : {}),
	};
}

export const tickets: Api<Ticket> = {
	path: 'tickets',
	permission: 'tickets',
	model: 'Ticket',
	table: ({ world }) => world.tables.tickets,
	filters: {
		id,
		currency_code,
		user_id: (ticket) => ticket.user_id,
		status: (ticket) => ticket.status,
		priority: (ticket) => ticket.priority,
		department: (ticket) => ticket.department,
	},
	sorts: {
		id,
		...stamps,
		currency_code,
		status: (ticket) => ticket.status,
		priority: (ticket) => ticket.priority,
		department: (ticket) => ticket.department,
	},
	includes: { messages: 'ticket_messages', user: 'users', assigned_to: null },
	resource: ticketResource,
	store({ world, ...call }) {
		const input = { priority: 'medium', status: 'open', ...call.input };
		const sent = ticketColumns({ ...call, world, input }, '');
		const fields = { department: null, ...sent } as Ticket;
		const row = insert(world.tables.tickets, fields, world.now());
		world.emit({ event: 'Ticket\\Created', id: row.id });
		return { row, sent: {} };
	},
	update(call, row) {
		if (change(call.world, row, ticketColumns(call, 'sometimes|'))) {
			call.world.emit({ event: 'Ticket\\Updated', id: row.id });
		}
		return { row, sent: {} };
	},
	destroy({ world }, row) {
		dropTicket(world, row.id);
		world.emit({ event: 'Ticket\\Deleted', id: row.id });
	},
};

export const ticketMessages: Api<TicketMessage> = {
	path: 'ticket-messages',
	permission: 'ticket_messages',
	model: 'TicketMessage',
	table: ({ world }) => world.tables.ticketMessages,
	filters: { id, currency_code },
	sorts: { id, ...stamps, currency_code },
	includes: { user: 'users', ticket: 'tickets', attachments: null },
	resource: ticketMessageResource,
	store({ world, input }) {
		const sent = validated(input, [
			field('message', 'required', text, longest(5000)),
			field('user_id', 'required', exists(hasId(world.tables.users))),
			field('ticket_id', 'required', exists(hasId(world.tables.tickets))),
		]);
		const fields = {
			message: String(sent.message),
			user_id: leadingNumber(sent.user_id),
			ticket_id: leadingNumber(sent.ticket_id),
		};
		const row = insert(world.tables.ticketMessages, fields, world.now());
		world.emit({ event: 'TicketMessage\\Created', id: row.id });
		return { row, sent: {} };
	},
	destroy({ world }, row) {
		world.tables.ticketMessages.rows.delete(row.id);
		world.emit({ event: 'TicketMessage\\Deleted', id: row.id });
	},
};
