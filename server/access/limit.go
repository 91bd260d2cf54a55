package access

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/seal"
	"github.com/rapidbott/tideboard/server/store"
)

// Limit allows so many uses within any stretch of time of that length.
type Limit struct {
	Name   string
	Most   int
	Within time.Duration
}

// The limits of logins (spec access, section 3).
var (
	sendPause   = Limit{"otp.pause", 1, time.Minute}
	sendHourly  = Limit{"otp.workspace", 5, time.Hour}
	sendsFromIP = Limit{"otp.ip", 20, time.Hour}
	triesFromIP = Limit{"otp.tries", 10, time.Minute}
)

// use is one use of a limit by whoever is named.
type use struct {
	Limit
	subject string
}

// Limiter counts uses in the database, so that they hold over restarts and for all processes together. Whom a limit
// counts for is kept as a keyed hash.
type Limiter struct {
	DB  *store.DB
	Box *seal.Box
	Now func() time.Time
}

// by names whom a limit counts for.
func (l *Limiter) by(limit Limit, subject ...string) use {
	for i, s := range subject { // one who has an IPv6 network has 2^64 addresses
		if ip, err := netip.ParseAddr(s); err == nil && ip.Is6() {
			subject[i] = netip.PrefixFrom(ip, 64).Masked().String()
		}
	}
	return use{limit, hex.EncodeToString(l.Box.MAC("limit "+limit.Name, subject...))}
}

// Take uses a limit once in a transaction of its own. RATE_LIMITED says when to come back.
func (l *Limiter) Take(ctx context.Context, uses ...use) error {
	tx, err := l.DB.Write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after the commit
	if err := l.take(ctx, tx, uses...); err != nil {
		return err
	}
	return tx.Commit()
}

// take uses all of these limits once within a transaction, or refuses: then the transaction must not be committed. Until
// it ends nobody else gets at the same limits. They are taken in the order of their names.
func (l *Limiter) take(ctx context.Context, tx *sql.Tx, uses ...use) error {
	now := instant(l.Now())
	slices.SortFunc(uses, func(a, b use) int { return strings.Compare(a.Name+a.subject, b.Name+b.subject) })
	for _, u := range uses {
		if err := l.one(ctx, tx, u, now); err != nil {
			return err
		}
	}
	return nil
}

func (l *Limiter) one(ctx context.Context, tx *sql.Tx, u use, now time.Time) error {
	ph := l.DB.SQL.Placeholder
	var text row.JSON
	err := tx.QueryRowContext(ctx, "INSERT INTO limits (name, subject, uses, expires_at) VALUES ("+ph(1)+", "+ph(2)+", '[]', "+ph(3)+
		") ON CONFLICT (name, subject) DO UPDATE SET expires_at = excluded.expires_at RETURNING uses", // an update also where there is nothing to change: it locks
		u.Name, u.subject, now.Add(u.Within)).Scan(&text)
	if err != nil {
		return err
	}
	var uses []int64
	if err := json.Unmarshal(text, &uses); err != nil {
		return err
	}
	uses, wait := u.after(uses, now.UnixMicro())
	if err := limited(wait); err != nil {
		return err
	}
	kept, err := json.Marshal(uses)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE limits SET uses = "+ph(1)+" WHERE name = "+ph(2)+" AND subject = "+ph(3), string(kept), u.Name, u.subject)
	return err
}

// after adds a use at a moment, in microseconds, to those before it, and forgets those that no longer count. When there
// is no room it says how long to wait. A use in the future, as another process's clock may have it, counts from then.
func (l Limit) after(uses []int64, now int64) (kept []int64, wait time.Duration) {
	since := now - l.Within.Microseconds()
	for _, at := range uses {
		if at > since {
			kept = append(kept, at)
		}
	}
	slices.Sort(kept)
	if len(kept) >= l.Most {
		return kept, time.Duration(kept[len(kept)-l.Most]-since) * time.Microsecond
	}
	return append(kept, now), 0
}

// Sweep forgets what no rule needs any more, in all workspaces: uses of limits, codes of yesterday, embed tokens that no
// check would let in, sessions that ended a month ago, answers of commands that nobody can ask for again.
func Sweep(ctx context.Context, db *store.DB, now time.Time) error {
	ph := db.SQL.Placeholder
	for _, s := range []struct {
		text   string
		before time.Time
	}{
		{"DELETE FROM limits WHERE expires_at < ", now},
		{"DELETE FROM login_codes WHERE expires_at < ", now.Add(-24 * time.Hour)},
		{"DELETE FROM embed_tokens WHERE expires_at < ", now},
		{"DELETE FROM sessions WHERE expires_at < ", now.Add(-30 * 24 * time.Hour)},
		{"DELETE FROM idempotency WHERE created_at < ", now.Add(-crm.IdempotencyTerm)},
	} {
		if _, err := db.Write.ExecContext(ctx, s.text+ph(1), instant(s.before)); err != nil {
			return err
		}
	}
	return nil
}
