using System;
using Motionwire;
using UnityEditor;
using UnityEngine;

namespace MotionwireEditor
{
    /// <summary>Window > Motionwire > Clip Baker: type a sentence, look at it on a model in the scene, save it as an AnimationClip.</summary>
    public sealed class MotionwireClipBaker : EditorWindow
    {
        private string host = "127.0.0.1", sentence = "a person waves with the right hand";
        private int port = 5588, seed;
        private float seconds, time;
        private bool humanoid = true;
        private Animator model;
        private MotionwireClient client;
        private GeneratedClip generated;

        // The editor keeps private fields when it reloads assemblies, but not those above: what belongs to them begins anew, too.
        [NonSerialized] private AnimationClip baked;
        [NonSerialized] private string said = "";
        [NonSerialized] private bool previews; // this window, not the Animation window

        [MenuItem("Window/Motionwire/Clip Baker")]
        private static void Open() { GetWindow<MotionwireClipBaker>("Motionwire Clip Baker").minSize = new Vector2(360, 320); }

        private void OnEnable() { EditorApplication.update += Tick; }

        private void OnDisable()
        {
            EditorApplication.update -= Tick;
            EndPreview();
            Disconnect();
        }

        private void OnGUI()
        {
            host = EditorGUILayout.TextField("Host", host);
            port = Mathf.Clamp(EditorGUILayout.IntField("Port", port), 1, 65535);
            model = (Animator)EditorGUILayout.ObjectField("Model in the scene", model, typeof(Animator), true);
            humanoid = EditorGUILayout.Toggle("Humanoid clip", humanoid);
            EditorGUILayout.LabelField("Sentence");
            sentence = EditorGUILayout.TextArea(sentence);
            seed = EditorGUILayout.IntField("Seed", seed);
            seconds = EditorGUILayout.Slider("Seconds (0: as it comes)", seconds, 0, 27);
            bool ready = model != null && model.isHuman;
            if (!ready) EditorGUILayout.HelpBox("Drag a model with a Humanoid avatar from the scene.", MessageType.Info);
            EditorGUI.BeginDisabledGroup(client == null && (!ready || sentence.Trim().Length == 0));
            bool pressed = GUILayout.Button(client == null ? "Generate" : "Cancel");
            EditorGUI.EndDisabledGroup();
            if (pressed)
            {
                if (client == null) Ask();
                else Cancel();
                GUIUtility.ExitGUI(); // what follows is laid out for what was before
            }
            if (said.Length > 0) EditorGUILayout.HelpBox(said, MessageType.None);
            if (baked == null) return;
            time = EditorGUILayout.Slider("Preview", time, 0, generated.Frames / generated.Fps);
            Preview();
            if (!GUILayout.Button("Save as AnimationClip...")) return;
            Save();
            GUIUtility.ExitGUI();
        }

        private void Ask()
        {
            EndPreview();
            Disconnect();
            baked = null;
            generated = null;
            said = "connecting";
            string token = Environment.GetEnvironmentVariable("MOTIONWIRE_TOKEN") ?? "";
            client = new MotionwireClient(new ClientOptions { Host = host, Port = port, Token = token, Client = "motionwire clip baker" });
        }

        private void Cancel()
        {
            if (generated != null) client.Cancel(generated);
            generated = null;
            Disconnect();
            said = "cancelled";
        }

        /// <summary>The editor's frames: nothing here waits.</summary>
        private void Tick()
        {
            if (client == null) return;
            Notice notice;
            while (client.TryGetNotice(out notice)) said = notice.Text;
            if (generated == null && client.State == ClientState.Open) generated = client.Generate(sentence, Mathf.CeilToInt(30 * seconds), (uint)seed);
            if (generated != null && !generated.Ended) said = generated.Ahead > 0 ? generated.Ahead + " clips ahead" : generated.Frames + " frames";
            if (generated != null && generated.Ended) Bake();
            Repaint();
        }

        private void Bake()
        {
            Skeleton skeleton = client.Welcome.Skeleton;
            Disconnect();
            said = generated.Problem ?? generated.Frames + " frames";
            if (generated.Problem != null || generated.Frames == 0 || model == null) return;
            Rig rig = Rig.FromAvatar(model, skeleton);
            if (rig == null)
            {
                said = "this avatar has no hips";
                return;
            }
            var bind = new TransformState(model.transform);
            try
            {
                baked = humanoid ? ClipBake.Humanoid(generated, skeleton, rig, model.avatar) : ClipBake.Generic(generated, skeleton, rig);
            }
            finally
            {
                bind.Restore();
            }
        }

        private void Preview()
        {
            if (model == null) return;
            if (!AnimationMode.InAnimationMode())
            {
                AnimationMode.StartAnimationMode();
                previews = true;
            }
            AnimationMode.BeginSampling();
            AnimationMode.SampleAnimationClip(model.gameObject, baked, time);
            AnimationMode.EndSampling();
        }

        private void Save()
        {
            string path = EditorUtility.SaveFilePanelInProject("Save clip", FileName(sentence), "anim", "Where to save the clip");
            if (path.Length == 0) return;
            EndPreview();
            AssetDatabase.CreateAsset(baked, path);
            AssetDatabase.SaveAssets();
            said = "saved " + path;
            baked = null;
        }

        private static string FileName(string text)
        {
            foreach (char bad in System.IO.Path.GetInvalidFileNameChars()) text = text.Replace(bad, ' ');
            return text.Length > 60 ? text.Substring(0, 60) : text;
        }

        private void EndPreview()
        {
            if (previews && AnimationMode.InAnimationMode()) AnimationMode.StopAnimationMode();
            previews = false;
        }

        private void Disconnect()
        {
            if (client != null) client.Dispose();
            client = null;
        }
    }
}
