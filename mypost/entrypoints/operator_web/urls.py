"""The pages of this door."""

from django.urls import URLPattern, URLResolver, path

from mypost.entrypoints.operator_web import contracts, evidence, health, jobs, ledger, senders

app_name = "operator_web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", health.show_health, name="health"),
    path("senders/", senders.list_senders, name="senders"),
    path("senders/new/", senders.take_in_sender, name="new_sender"),
    path("senders/<uuid:sender_id>/", senders.show_sender, name="sender"),
    path("senders/<uuid:sender_id>/topics/new/", senders.add_topic, name="new_topic"),
    path(
        "senders/<uuid:sender_id>/contract/<slug:state>/",
        contracts.move_contract,
        name="contract",
    ),
    path("ledger/", ledger.show_ledger, name="ledger"),
    path("ledger/check/", ledger.check_ledger, name="ledger_check"),
    path("ledger/<uuid:consignment_id>/", ledger.show_consignment, name="consignment"),
    path("jobs/", jobs.list_jobs, name="jobs"),
    path("jobs/<int:job_id>/retry/", jobs.retry_job, name="retry_job"),
    path("evidence/", evidence.show_log, name="evidence"),
]
