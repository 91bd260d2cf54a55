package mail

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// entry is a mail's row but for what is sealed. state and tries tell together whether the row is still as it was read:
// each claim counts a try.
type entry struct {
	tenant, id, kind, to, state string
	tries                       int
	created                     time.Time
	expires, lease              *time.Time
	word                        sql.NullString
}

const entryColumns = "tenant, id, kind, recipient, state, tries, created_at, expires_at, lease_until, last_error"

func (e *entry) scan(row interface{ Scan(...any) error }) error {
	return row.Scan(&e.tenant, &e.id, &e.kind, &e.to, &e.state, &e.tries, &e.created, &e.expires, &e.lease, &e.word)
}

// over is whether the mail is worth nothing any more.
func (e *entry) over(now time.Time) bool { return e.expires != nil && !e.expires.After(now) }

// free is whether nobody holds the mail: it waits, or who held it is gone.
func (e *entry) free(now time.Time) bool {
	return e.state == StateQueued || e.state == StateSending && e.lease != nil && !e.lease.After(now)
}

// due gives some mails of whatever tenant that are to be sent or to expire, those that wait longest first.
func (o *Outbox) due(ctx context.Context, now time.Time) (list []entry, err error) {
	ph := o.DB.SQL.Placeholder
	rows, err := o.DB.Query(ctx, `SELECT `+entryColumns+` FROM mails
		WHERE state = '`+StateQueued+`' AND (next_at <= `+ph(1)+` OR expires_at <= `+ph(2)+`)
		OR state = '`+StateSending+`' AND lease_until <= `+ph(3)+` ORDER BY next_at, id LIMIT `+ph(4), now, now, now, batch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var e entry
		if err := e.scan(rows); err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// find gives a mail; nil when there is none.
func (o *Outbox) find(ctx context.Context, id string) (*entry, error) {
	var e entry
	err := e.scan(o.DB.QueryRow(ctx, `SELECT `+entryColumns+` FROM mails WHERE id = `+o.DB.SQL.Placeholder(1), id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &e, err
}

// claim takes a mail for one try, unless it has changed since it was read. It gives what is sealed, and counts the try
// in e.
func (o *Outbox) claim(ctx context.Context, e *entry, now time.Time) (sealed []byte, ok bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noting)
	defer cancel()
	ph := o.DB.SQL.Placeholder
	err = o.DB.Write.QueryRowContext(ctx, `UPDATE mails SET state = '`+StateSending+`', tries = tries + 1, lease_until = `+ph(1)+`
		WHERE tenant = `+ph(2)+` AND id = `+ph(3)+` AND state = `+ph(4)+` AND tries = `+ph(5)+` RETURNING sealed`,
		now.Add(o.lease()), e.tenant, e.id, e.state, e.tries).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	e.state, e.tries = StateSending, e.tries+1
	return sealed, true, nil
}

// settle writes what becomes of a mail, unless it has changed since it was read or claimed. It does so even when ctx has
// ended: a mail that was sent must not be sent again because its caller went away.
func (o *Outbox) settle(ctx context.Context, e *entry, v verdict, now time.Time) (ok bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noting)
	defer cancel()
	var sent *time.Time
	if v.state == StateSent {
		sent = &now
	}
	next := now
	if v.state == StateQueued {
		next = v.next
	}
	ph := o.DB.SQL.Placeholder
	text := `UPDATE mails SET state = ` + ph(1) + `, next_at = ` + ph(2) + `, sent_at = ` + ph(3) + `, last_error = ` + ph(4) + `, lease_until = NULL`
	if v.state != StateQueued && !o.keeps() {
		text += `, sealed = ''`
	}
	text += ` WHERE tenant = ` + ph(5) + ` AND id = ` + ph(6) + ` AND state = ` + ph(7) + ` AND tries = ` + ph(8)
	res, err := o.DB.Write.ExecContext(ctx, text, v.state, next, sent, sql.NullString{String: v.word, Valid: v.word != ""},
		e.tenant, e.id, e.state, e.tries)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// sweep removes rows after 30 days, and what a development mailbox kept once there is a real sender.
func (o *Outbox) sweep(ctx context.Context, now time.Time) error {
	_, err := o.DB.Write.ExecContext(ctx, `DELETE FROM mails WHERE created_at < `+o.DB.SQL.Placeholder(1), now.Add(-keepFor))
	if err != nil || o.keeps() {
		return err
	}
	_, err = o.DB.Write.ExecContext(ctx, `UPDATE mails SET sealed = '' WHERE length(sealed) > 0
		AND state IN ('`+StateSent+`', '`+StateFailed+`', '`+StateExpired+`')`)
	return err
}
