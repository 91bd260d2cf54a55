package writer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/rapidbott/tideboard/bench/truth/fleet"
	"github.com/rapidbott/tideboard/bench/truth/ledger"
	"github.com/rapidbott/tideboard/bench/truth/verdict"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// Writer is one writer. Its exported fields are set before Run.
type Writer struct {
	Number int
	Who    wire.Credential
	// Permissions are what its credential may do.
	Permissions []string
	// Members can own cards.
	Members []string
	// Currency is the workspace's default.
	Currency string
	// Mark is a word of the run that keeps marks unique.
	Mark      string
	Fleet     *fleet.Fleet
	Court     *verdict.Court
	Ledger    *ledger.Ledger
	Directory *Directory
	// Gate is held for reading while a command is under way; a quiet point holds it for writing.
	Gate *sync.RWMutex
	// Enough tells that no more commands are needed.
	Enough *atomic.Bool

	random *rand.Rand
	desk   *verdict.Desk
	client *wire.Client
	serial int
}

// Name is the writer in accounts.
func (w *Writer) Name() string { return fmt.Sprintf("writer %d (%s)", w.Number, w.Who.Name) }

// Run writes until it is enough or the context ends.
func (w *Writer) Run(ctx context.Context, seed uint64) {
	w.random = rand.New(rand.NewPCG(seed, uint64(w.Number)<<32))
	w.desk, w.client = w.Court.Desk(w.Name()), wire.NewClient()
	defer w.client.Close()
	for ctx.Err() == nil && !w.Enough.Load() {
		w.desk.Does("waits at the gate")
		w.Gate.RLock()
		err := w.write(ctx)
		w.Gate.RUnlock()
		if err != nil && ctx.Err() == nil {
			w.Court.Fail(err)
			return
		}
	}
	w.desk.Does("has finished")
}

// write picks a kind of command by its weight, as far as the credential may, and carries it out.
func (w *Writer) write(ctx context.Context) error {
	grow := 12.0
	switch balance := w.Directory.Balance(); {
	case balance > 1.1:
		grow = 4
	case balance < 0.9:
		grow = 24
	}
	choices := []struct {
		weight float64
		needs  string
		do     func(context.Context) error
	}{
		{grow, "CAN_EDIT_CRM", w.create},
		{30, "CAN_EDIT_CRM", w.update},
		{28, "CAN_EDIT_CRM", w.move},
		{12, "CAN_ASSIGN_OTHERS", w.assign},
		{8, "CAN_EDIT_CRM", w.delete},
		{2, "CAN_DELETE_DATA", w.deleteMany},
		{4, "CAN_EDIT_CRM", w.moveMany},
		{2, "CAN_EDIT_CRM", w.updateMany},
		{2, "CAN_EDIT_CRM", w.tagMany},
		{4, "CAN_EDIT_CRM", w.restore},
		{2, "CAN_EDIT_CRM", w.restoreMany},
		{6, "CAN_EDIT_CRM", w.renameContact},
		{2, "CAN_MANAGE_PIPELINES", w.reshape},
	}
	total := 0.0
	for _, c := range choices {
		total += c.weight
	}
	at := w.random.Float64() * total
	for _, c := range choices {
		if at -= c.weight; at < 0 && w.may(c.needs) {
			return c.do(ctx)
		}
	}
	return w.update(ctx)
}

// may tells whether the credential has a permission.
func (w *Writer) may(permission string) bool { return slices.Contains(w.Permissions, permission) }
