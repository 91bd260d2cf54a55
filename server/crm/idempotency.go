package crm

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// IdempotencyTerm is how long the result of a command is kept for repeats.
const IdempotencyTerm = 24 * time.Hour

type idempotencyKey struct{ key, digest string }

// errNoAnswer says that a command has no answer that could be kept.
var errNoAnswer = fault.New(fault.ValidationFailed, "this command cannot be repeated under a key")

// claim takes a key for this transaction, waiting for another one that holds it. When the command was done under it
// before, its answer goes into `out` and its revision comes back.
func (tx *Tx) claim(k idempotencyKey, out any) (done bool, at row.Revision, err error) {
	if out == nil {
		return false, 0, errNoAnswer
	}
	k = tx.withRights(k)
	if _, err := tx.run(tx.ofKey(tx.begin().Add("DELETE FROM idempotency WHERE "), k).Add(" AND created_at < ?", tx.now.Add(-IdempotencyTerm))); err != nil {
		return false, 0, err
	}
	n, err := tx.run(tx.begin().Insert("idempotency", []string{"actor", "key", "digest", "revision", "created_at"}, tx.caller(), k.key, k.digest, 0, tx.now).
		Add(" ON CONFLICT DO NOTHING"))
	if err != nil || n == 1 {
		return false, 0, err
	}
	var digest string
	var result []byte
	switch err := tx.one(tx.ofKey(tx.begin().Add("SELECT digest, revision, result FROM idempotency WHERE "), k), &digest, &at, &result); {
	case errors.Is(err, sql.ErrNoRows): // the other one gave it up
		return false, 0, errRetry
	case err != nil:
		return false, 0, err
	}
	if digest != k.digest {
		return false, 0, fault.New(fault.IdempotencyMismatch, "the key was used for another input, or with other rights")
	}
	plain, err := tx.Box.Open("idempotency", tx.place(k), result)
	if err != nil {
		return false, 0, err
	}
	return true, at, json.Unmarshal(plain, out)
}

// keepAnswer stores the answer of a command with its revision, within the transaction that does it. The answer is sealed: it
// may hold what is shown once.
func (tx *Tx) keepAnswer(k idempotencyKey, out any, at row.Revision) error {
	plain, err := json.Marshal(out)
	if err != nil {
		return err
	}
	b := tx.begin().Add("UPDATE idempotency SET revision = ?, result = ? WHERE ", int64(at), tx.Box.Seal("idempotency", tx.place(k), plain))
	n, err := tx.run(tx.ofKey(b, k))
	if err == nil && n != 1 {
		err = errors.New("crm: a claimed key is gone")
	}
	return err
}

// withRights puts the caller's rights into what a key stands for: an answer is shown again only to who may do now what it
// could then.
func (tx *Tx) withRights(k idempotencyKey) idempotencyKey {
	v := tx.viewer
	sum := sha256.Sum256([]byte(k.digest + "\x00" + string(v.Role) + "\x00" + scope.Key(v) + "\x00" + strings.Join(v.Teams, ",")))
	return idempotencyKey{k.key, hex.EncodeToString(sum[:])}
}

func (tx *Tx) place(k idempotencyKey) string {
	return tx.viewer.WorkspaceID + " " + tx.caller() + " " + k.key
}

// caller is whose key it is.
func (tx *Tx) caller() string { return string(tx.viewer.Kind) + " " + tx.viewer.ID }

// ofKey writes which key it is: of the workspace and the caller.
func (tx *Tx) ofKey(b *scope.Builder, k idempotencyKey) *scope.Builder {
	return b.Workspace("idempotency").Add(" AND idempotency.actor = ? AND idempotency.key = ?", tx.caller(), k.key)
}

// revised puts the revision into an answer that was kept without it.
func revised(out any, at row.Revision) {
	v := reflect.ValueOf(out)
	if v.Kind() != reflect.Pointer {
		return
	}
	if f := v.Elem().FieldByName("Revision"); f.IsValid() && f.CanSet() {
		f.SetInt(int64(at))
	}
}
