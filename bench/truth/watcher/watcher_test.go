package watcher

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/fleet"
	"github.com/rapidbott/tideboard/bench/truth/stream"
	"github.com/rapidbott/tideboard/bench/truth/verdict"
	"github.com/rapidbott/tideboard/bench/truth/view"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// watch lets a watcher watch a recorded stream until it holds the last board, and gives the violation if it found one.
func watch(t *testing.T, r *recorded, fault stream.Fault) (*Watcher, *verdict.Violation) {
	t.Helper()
	court, ctx := verdict.New(t.Context())
	w := &Watcher{
		Kind: Plain, Every: 1, Court: court, Quiet: new(atomic.Bool), Fleet: &fleet.Fleet{Servers: []*fleet.Server{{Base: r.serve(t)}}},
		View: view.View{Who: wire.Key("k"), PipelineID: "p"},
		// The fourth frame is the first commit but two: something was found right before it.
		Injector: stream.Injector{Fault: fault, Armed: func() bool { return court.Counts.Frames.Load() >= 3 }},
	}
	w.Prepare(1)
	ctx, stop := context.WithCancel(ctx)
	finished := make(chan struct{})
	go func() {
		w.Run(ctx)
		close(finished)
	}()
	last, err := board.ParseAnswer(json.RawMessage(r.states[board.Revision(len(r.frames))]))
	require.NoError(t, err)
	want, err := last.Board()
	require.NoError(t, err)
	_ = w.Settle(ctx, want, 20*time.Second)
	stop()
	<-finished
	var violation *verdict.Violation
	if first := court.First(); first != nil {
		require.True(t, errors.As(first, &violation), first.Error())
	}
	return w, violation
}

func TestWatch(t *testing.T) {
	w, violation := watch(t, record(), stream.NoFault)
	require.Nil(t, violation)
	require.GreaterOrEqual(t, w.Court.Counts.Compared.Load(), int64(10), "every frame is compared")
}

func TestWatchOverABrokenConnection(t *testing.T) {
	r := record()
	r.cut = 4
	w, violation := watch(t, r, stream.NoFault)
	require.Nil(t, violation)
	require.Equal(t, 2, r.dialed)
	require.Equal(t, int64(1), w.Court.Counts.Snapshots.Load(), "it resumed and did not start over")
	require.NoError(t, w.CheckReceived(Due{Must: []board.Revision{2, 3, 4, 5, 6, 7, 8, 9, 10}}))
	require.ErrorContains(t, w.CheckReceived(Due{Must: []board.Revision{2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}), "revision 11 never came")
}

func TestFaultsAreNoticed(t *testing.T) {
	for fault, want := range map[stream.Fault]stream.Kind{stream.Drop: stream.Missing, stream.Double: stream.Doubled, stream.Reorder: stream.OutOfOrder} {
		t.Run(string(fault), func(t *testing.T) {
			_, violation := watch(t, record(), fault)
			require.NotNil(t, violation)
			require.Equal(t, string(want), violation.Kind, violation.Error())
			require.Contains(t, violation.Error(), "watcher 0 (plain)")
		})
	}
}

func TestWrongContentIsNoticed(t *testing.T) {
	r := record()
	r.states[5] = strings.Replace(r.states[5], `"title":"b2"`, `"title":"b9"`, 1)
	_, violation := watch(t, r, stream.NoFault)
	require.NotNil(t, violation)
	require.Equal(t, string(stream.Content), violation.Kind)
	require.Contains(t, violation.Error(), `card b: title: want "b9", got "b2"`)
}
