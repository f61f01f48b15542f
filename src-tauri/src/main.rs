//! The window of Commonhold: glue between the page in `ui/` and `commonhold-app`. It knows no
//! record and computes nothing.

mod background;
mod commands;
mod events;
mod host;
mod window;

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Exit code for a wrong use, the same as the command line's.
const USED_WRONGLY: u8 = 2;

fn main() -> ExitCode {
    match used(std::env::args_os().skip(1)).and_then(start) {
        Ok(code) => ExitCode::from(code),
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(USED_WRONGLY)
        }
    }
}

/// How the program was started.
#[derive(Default)]
struct Used {
    /// The profile's folder, if another than the usual one.
    home: Option<PathBuf>,
    /// A file of exchange somebody opened.
    file: Option<PathBuf>,
}

/// Reads `[--home DIR] [FILE.commonhold]`.
fn used(mut args: impl Iterator<Item = std::ffi::OsString>) -> Result<Used, String> {
    let mut used = Used::default();
    while let Some(arg) = args.next() {
        let path = PathBuf::from(&arg);
        let is_file = path.extension().is_some_and(|end| end == "commonhold");
        if arg == "--home" && used.home.is_none() {
            used.home = args.next().map(PathBuf::from);
        }
        if is_file && used.file.is_none() {
            used.file = std::path::absolute(&path).ok();
        } else if arg != "--home" || used.home.is_none() {
            return Err("Use: commonhold-desktop [--home DIR] [FILE.commonhold]".into());
        }
    }
    Ok(used)
}

fn start(used: Used) -> Result<u8, String> {
    window::require_display()?;
    let host = Arc::new(host::Host::new(used.home, used.file));
    let builder = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .manage(host.clone())
        .setup(|app| Ok(window::open(app)?))
        .invoke_handler(tauri::generate_handler![
            commands::archive::archive_export,
            commands::archive::archive_verify,
            commands::archive::archive_restore,
            commands::archive::archive_plan,
            commands::archive::archive_plan_set,
            commands::archive::archive_run,
            commands::host::pick_file,
            commands::host::pick_folder,
            commands::host::pick_save,
            commands::host::job_cancel,
            commands::host::opened_file,
            commands::imports::import_preview,
            commands::imports::import_run,
            commands::imports::import_undo,
            commands::imports::import_review,
            commands::imports::import_assign,
            commands::needs::needs_you,
            commands::payments::payments,
            commands::payments::expense_approve,
            commands::payments::payments_prepare,
            commands::payments::lease_take,
            commands::payments::lease_end,
            commands::payments::batch_preview,
            commands::payments::batch_write,
            commands::payments::batch_withdraw,
            commands::payments::outcome_add,
            commands::payments::match_payments,
            commands::reports::report_budget,
            commands::reports::report_forecast,
            commands::reports::report_what_if,
            commands::reports::report_coverage,
            commands::reports::report_concentration,
            commands::reports::report_left_over,
            commands::reports::report_statements,
            commands::reports::report_trial_balance,
            commands::reports::report_clock,
            commands::reports::report_self_funded,
            commands::reports::report_absence,
            commands::closing::reconcile,
            commands::closing::close_preview,
            commands::closing::close_write,
            commands::closing::close_list,
            commands::closing::closed_on,
            commands::closing::post_forward,
            commands::framework::framework_check,
            commands::framework::framework_history,
            commands::framework::framework_attest,
            commands::framework::phase_archive,
            commands::framework::phase_archive_due,
            commands::framework::phase_enter,
            commands::framework::framework_migrate,
            commands::framework::scenario_list,
            commands::framework::scenario_watch,
            commands::attachments::attachment_add,
            commands::attachments::attachment_list,
            commands::attachments::attachment_save,
            commands::attachments::attachment_fetch,
            commands::decisions::rules,
            commands::decisions::proposal_list,
            commands::decisions::proposal_view,
            commands::decisions::proposal_open,
            commands::decisions::vote,
            commands::decisions::say,
            commands::decisions::tally_preview,
            commands::decisions::tally_sign,
            commands::decisions::decision_record,
            commands::decisions::election_read,
            commands::decisions::election_import,
            commands::attachments::attachment_text,
            commands::operations::operations_report,
            commands::operations::secret_copy,
            commands::bylaws::bylaws_draft,
            commands::bylaws::bylaws_write,
            commands::bylaws::bylaws_adopt,
            commands::site::site_preview,
            commands::site::site_build,
            commands::site::site_publish,
            commands::imports::mapping_list,
            commands::imports::mapping_save,
            commands::joining::invitation_create,
            commands::joining::invitation_list,
            commands::joining::invitation_revoke,
            commands::joining::invitation_save,
            commands::joining::join_requests,
            commands::joining::join_confirm,
            commands::joining::join_refuse,
            commands::joining::join_start,
            commands::joining::join_check,
            commands::joining::join_list,
            commands::joining::join_cancel,
            commands::joining::recovery_create,
            commands::joining::recovery_restore,
            commands::people::team,
            commands::people::role_grant,
            commands::people::role_end,
            commands::people::removal_preview,
            commands::people::member_remove,
            commands::people::report_rotation,
            commands::people::person_elsewhere,
            commands::people::history,
            commands::people::held_list,
            commands::people::held_release,
            commands::people::rejected_list,
            commands::people::private_erase,
            commands::records::record_list,
            commands::records::record_get,
            commands::records::record_check,
            commands::records::record_add,
            commands::records::record_edit,
            commands::records::record_withdraw,
            commands::records::record_correct,
            commands::records::search,
            commands::reports::report_overview,
            commands::reports::report_balances,
            commands::reports::report_efficiency,
            commands::reports::status,
            commands::service::app_state,
            commands::service::service_links,
            commands::service::service_link,
            commands::service::service_create,
            commands::service::service_sample,
            commands::service::service_read_ecosystems,
            commands::sync::sync_place,
            commands::sync::remote_list,
            commands::sync::remote_add,
            commands::sync::remote_remove,
            commands::sync::remote_pause,
            commands::sync::background_state,
            commands::sync::live_state,
            commands::sync::live_choose,
            commands::sync::background_pause,
            commands::sync::background_call,
        ]);
    let app = unless_no_screen(|| builder.build(tauri::generate_context!()))?
        .map_err(|error| format!("The window could not start: {error}"))?;
    let code = app.run_return(|_, _| {});
    host.close();
    Ok(u8::try_from(code).unwrap_or(1))
}

/// The library below stops the program with a trace when the display named in the environment
/// does not answer; a person gets one sentence instead.
fn unless_no_screen<T>(build: impl FnOnce() -> T) -> Result<T, String> {
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let built = catch_unwind(AssertUnwindSafe(build));
    set_hook(hook);
    built.map_err(|_| window::NO_DISPLAY.into())
}
