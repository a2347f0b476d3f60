// Package people keeps who is who: the street's communities, units and committees,
// staff accounts and their sign-ins, residents, and the mediators.
//
// # Accounts and sign-ins
//
// CreateFirstAdmin, CreateAccount, EditAccount, SetRoles, Disable, ResetPassword,
// Unlock, RequireTOTP, ResetTOTP, EndSignInsOf are the administrators' acts; InsertAccount
// and HashPassword serve seeding. SignIn, ConfirmTOTP, StartTOTP, FinishTOTP,
// ChangePassword, SignOut, SignIns, EndSignIn, EndOtherSignIns, Own, AskOwnPhone,
// ConfirmOwnPhone, NewRecoveryCodes are a person's own; RequestCode and ConfirmCode
// sign a resident in by phone. Resolve turns a cookie's token into a
// SignedIn, with one indexed read.
//
// # The street
//
// Communities, Units, Committees, Members, RepKinds, DisputeTypes read; Add…, Save… change.
// StopCommunity and StopUnit take out of use what CommunityUses and UnitUses tell of, and
// Resume… undoes it. CommitteeWarnings says what a committee lacks by law; ConfirmRepKind
// and SwitchRepKind follow the street's decisions.
//
// # Mediators
//
// Mediators, Mediator, MediatorByID read; CreateMediator, EditMediator, AwardGrade,
// LapseGrades, EditOwnProfile, MoveMediator, Publish, SetPhoto, AddTie, EndTie change; TiesOf feeds the conflict
// check. PreviewRoster and ConfirmRoster take a roster in, ExportRoster gives it out.
//
// # One spelling of things
//
// NormPhone, NormID, NormCredit, NormName, NormAddress, NormOrg bring what people type to
// one spelling, so that equal things have equal blind indexes; MaskPhone and MaskID hide
// what a screen need not show; Pinyin spells a name in letters.
package people
