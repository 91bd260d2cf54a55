package rest

import (
	"net/http"

	"github.com/rapidbott/tideboard/server/fault"
)

// statuses are the HTTP statuses of codes (spec integration, section 4); a code that is not here is the caller's fault.
var statuses = map[fault.Code]int{
	fault.Unauthenticated: 401, fault.InvalidAPIKey: 401, fault.SessionExpired: 401, fault.OTPInvalid: 401, fault.EmbedTokenInvalid: 401,
	fault.EmbedTokenExpired: 401,
	fault.Forbidden:         403, fault.ScopeMissing: 403, fault.NotEligible: 403, fault.OutsideSchedule: 403, fault.EmbedDisabled: 403,
	fault.LimitExceeded: 403,
	fault.NotFoundCode:  404, fault.ContactNotFound: 404, fault.InvitationInvalid: 404,
	fault.Conflict: 409, fault.Duplicate: 409, fault.StageNotEmpty: 409, fault.PipelineNotEmpty: 409, fault.LastOpenStage: 409,
	fault.LastPipeline: 409, fault.NoPipeline: 409, fault.JobRunning: 409, fault.OwnerEmailMissing: 409,
	fault.CursorExpired: 410,
	fault.InvalidPhone:  422, fault.InvalidEmail: 422, fault.StageNotInPipeline: 422, fault.StageRequirements: 422, fault.ProbabilityFixed: 422,
	fault.PartnerKeyInvalid: 422,
	fault.RateLimited:       429,
	fault.Internal:          500, fault.Upstream: 503, fault.Overloaded: 503,
}

// Status gives the HTTP status of a code.
func Status(c fault.Code) int {
	if s := statuses[c]; s != 0 {
		return s
	}
	return http.StatusBadRequest
}
