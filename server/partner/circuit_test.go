package partner_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/partner"
	"github.com/rapidbott/tideboard/server/partner/simulator"
)

// fail opens the circuit of a rig: five attempts, in two calls.
func fail(t *testing.T, r *rig) {
	t.Helper()
	r.inject(t, simulator.Fault{Kind: simulator.FaultStatus, Status: 500})
	for range 2 {
		_, err := r.Workspace(t.Context(), "demo")
		require.ErrorIs(t, err, partner.ErrUnavailable)
	}
	require.Equal(t, 5, r.sim.Asked(""), "the sixth attempt is not made")
}

func TestTheCircuitOpensAndCloses(t *testing.T) {
	r := rigged(t)
	fail(t, r)
	r.sim.Clear(0)
	for route, err := range everyCall(t, r) {
		assert.ErrorIs(t, err, partner.ErrUnavailable, route)
		assert.ErrorContains(t, err, "circuit is open", route)
	}
	assert.Equal(t, 5, r.sim.Asked(""), "nobody is asked while it is open")

	r.clock.move(30*time.Second - 1)
	_, err := r.Workspace(t.Context(), "demo")
	assert.ErrorIs(t, err, partner.ErrUnavailable)
	assert.Equal(t, 5, r.sim.Asked(""))

	r.clock.move(1)
	_, err = r.Workspace(t.Context(), "demo")
	assert.NoError(t, err)
	for route, err := range everyCall(t, r) {
		assert.NoError(t, err, route)
	}
	assert.Equal(t, 1, strings.Count(r.log.String(), "level=WARN"), "said once")
	assert.Equal(t, 1, strings.Count(r.log.String(), "answers again"))
}

func TestAProbeThatFailsOpensTheCircuitAgain(t *testing.T) {
	r := rigged(t)
	fail(t, r)
	for probes := 1; probes <= 3; probes++ {
		r.clock.move(30 * time.Second)
		for range 3 {
			_, err := r.Workspace(t.Context(), "demo")
			assert.ErrorIs(t, err, partner.ErrUnavailable)
		}
		assert.Equal(t, 5+probes, r.sim.Asked(""), "one probe, without a retry")
	}
}

func TestOneProbeAtATime(t *testing.T) {
	r := rigged(t)
	fail(t, r)
	r.sim.Clear(0)
	r.inject(t, simulator.Fault{Kind: simulator.FaultHang})
	r.clock.move(30 * time.Second)
	for range 5 { // those of fail
		<-r.heard
	}
	done := make(chan error, 1) // the one result
	go func() {
		_, err := r.Workspace(t.Context(), "demo")
		done <- err
	}()
	<-r.heard
	_, err := r.Workspace(t.Context(), "demo")
	assert.ErrorIs(t, err, partner.ErrUnavailable)
	assert.Equal(t, 6, r.sim.Asked(""))
	r.sim.Clear(0)
	require.NoError(t, <-done)
	_, err = r.Workspace(t.Context(), "demo")
	assert.NoError(t, err)
}

// TestWhatOneWorkspaceBreaksShutsNobodyOut: answers that come in time are no failures of the partner as a whole.
func TestWhatOneWorkspaceBreaksShutsNobodyOut(t *testing.T) {
	r := rigged(t)
	r.inject(t, simulator.Fault{Kind: simulator.FaultTypes, Workspace: "demo-free"})
	for range 20 {
		_, err := r.Workspace(t.Context(), "demo-free")
		require.ErrorIs(t, err, partner.ErrUnavailable)
	}
	_, err := r.Workspace(t.Context(), "demo")
	assert.NoError(t, err)
}

func TestOneGoodAnswerBeginsTheCountAnew(t *testing.T) {
	r := rigged(t)
	for range 5 {
		r.inject(t, simulator.Fault{Kind: simulator.FaultStatus, Status: 500, Times: 2})
		_, err := r.Workspace(t.Context(), "demo")
		require.NoError(t, err)
	}
	assert.Equal(t, 15, r.sim.Asked(""))
}

// TestOldNewsDoesNotCloseTheCircuit: an attempt that began before it opened succeeds after.
func TestOldNewsDoesNotCloseTheCircuit(t *testing.T) {
	r := rigged(t)
	r.inject(t, simulator.Fault{Kind: simulator.FaultHang, Workspace: "demo-free"})
	done := make(chan error, 1) // the one result
	go func() {
		_, err := r.Workspace(t.Context(), "demo-free")
		done <- err
	}()
	<-r.heard
	r.sim.ClearAsked()
	fail(t, r)
	r.sim.Clear(0)
	require.NoError(t, <-done)
	_, err := r.Workspace(t.Context(), "demo")
	assert.ErrorContains(t, err, "circuit is open")
}
