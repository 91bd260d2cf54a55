package access

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/server/seal"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/typeid"
)

const (
	// codeLife is how long a code is good, codeTries how often one may be tried (spec access, section 3).
	codeLife  = 10 * time.Minute
	codeTries = 5
)

// Codes keeps login codes. What is kept of one is a keyed hash, bound to the tenant, the address and the code's id; of
// the address too.
type Codes struct {
	DB  *store.DB
	Box *seal.Box
	Now func() time.Time
}

// newCode makes six random digits.
func newCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil { // the system has no randomness: nothing may go on
		panic("access: " + err.Error())
	}
	return fmt.Sprintf("%06d", n.Int64())
}

// address is what is kept of an e-mail address.
func (c *Codes) address(tenant, email string) string {
	return hex.EncodeToString(c.Box.MAC("otp address", tenant, strings.ToLower(email)))
}

func (c *Codes) mac(tenant, address, id, code string) []byte {
	return c.Box.MAC("otp code", tenant, address, id, code)
}

// Issue makes a code for an address and voids those before it. The caller's transaction holds a limit of the tenant's, so
// that two cannot be issued at once.
func (c *Codes) Issue(ctx context.Context, tx *sql.Tx, tenant, email string) (id, code string, expires time.Time, err error) {
	ph, now, address := c.DB.SQL.Placeholder, instant(c.Now()), c.address(tenant, email)
	id, code, expires = typeid.New(typeid.Code), newCode(), now.Add(codeLife)
	if _, err = tx.ExecContext(ctx, "UPDATE login_codes SET ended_at = "+ph(1)+" WHERE tenant = "+ph(2)+" AND email = "+ph(3)+" AND ended_at IS NULL",
		now, tenant, address); err != nil {
		return
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO login_codes (tenant, id, email, code_mac, created_at, expires_at, tries) VALUES ("+
		ph(1)+", "+ph(2)+", "+ph(3)+", "+ph(4)+", "+ph(5)+", "+ph(6)+", 0)", tenant, id, address, c.mac(tenant, address, id, code), now, expires)
	return
}

// Void ends a code that was never sent.
func (c *Codes) Void(ctx context.Context, tenant, id string) error {
	_, err := c.end(ctx, tenant, id)
	return err
}

// end ends a code and tells whether it was this call that did.
func (c *Codes) end(ctx context.Context, tenant, id string) (bool, error) {
	ph := c.DB.SQL.Placeholder
	res, err := c.DB.Write.ExecContext(ctx, "UPDATE login_codes SET ended_at = "+ph(1)+" WHERE tenant = "+ph(2)+" AND id = "+ph(3)+" AND ended_at IS NULL",
		instant(c.Now()), tenant, id)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// Redeem tells whether a code is the right one for an address, and uses it up. The try is counted, in one statement of
// its own, before anything is compared: however many come at once, on however many processes, five are compared and one
// is let in. An address without a code costs the same.
func (c *Codes) Redeem(ctx context.Context, tenant, email, code string) (bool, error) {
	ph, address := c.DB.SQL.Placeholder, c.address(tenant, email)
	var id string
	var want []byte
	err := c.DB.Write.QueryRowContext(ctx, "UPDATE login_codes SET tries = tries + 1 WHERE tenant = "+ph(1)+" AND email = "+ph(2)+
		" AND ended_at IS NULL AND expires_at > "+ph(3)+" AND tries < "+ph(4)+" RETURNING id, code_mac",
		tenant, address, instant(c.Now()), codeTries).Scan(&id, &want)
	missing := errors.Is(err, sql.ErrNoRows)
	if err != nil && !missing {
		return false, err
	}
	if right := hmac.Equal(c.mac(tenant, address, id, code), want); !right || missing {
		return false, nil
	}
	return c.end(ctx, tenant, id)
}
